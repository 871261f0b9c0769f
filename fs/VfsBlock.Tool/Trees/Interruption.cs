using VfsBlock.Fuse;

namespace VfsBlock.Tool;

/// <summary>
/// Ctrl-C and its like, taken note of: the work stops where it is whole. Where it does not, since it waits for a pipe, the process ends anyway, as in a crash, which an
/// image survives. Until disposed.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int PatienceMs = 2000;
    private const string ShowCursor = "\e[?25h";

    private readonly SignalGuard _guard;
    private volatile bool _isOver;
    private volatile bool _isRaised;

    /// <summary>Starts to take note.</summary>
    public Interruption() => _guard = new SignalGuard(_ =>
    {
        _isRaised = true;
        new Thread(EndAnyway) { IsBackground = true, Name = "interruption" }.Start();
    });

    /// <summary>Ends the work if somebody wants that.</summary>
    /// <exception cref="ToolException">Somebody does.</exception>
    public void ThrowIfRaised()
    {
        if (_isRaised)
        {
            throw new ToolException("interrupted", ExitCode.Interrupted);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _guard.Dispose();
    }

    private void EndAnyway()
    {
        Thread.Sleep(PatienceMs);
        if (!_isOver)
        {
            Console.Error.Write(Console.IsErrorRedirected ? "" : ShowCursor);
            Environment.Exit((int)ExitCode.Interrupted);
        }
    }
}
