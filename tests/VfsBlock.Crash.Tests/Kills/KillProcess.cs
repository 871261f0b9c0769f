using System.Diagnostics;

namespace VfsBlock.Storage.Tests;

/// <summary>This assembly as a process that tells short messages, to be killed.</summary>
internal sealed class KillProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public KillProcess(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "VfsBlock.Crash.Tests");
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The next message, also one that was told before a kill.</summary>
    /// <returns>False if there are no more: the process has ended.</returns>
    public bool TryRead(Span<byte> message) => _process.StandardOutput.BaseStream.ReadAtLeast(message, message.Length, throwOnEndOfStream: false) == message.Length;

    /// <summary>Kills it by SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <exception cref="CrashFailedException">It ended by itself.</exception>
    public void WaitForKill()
    {
        // 128 and the number of SIGKILL.
        _process.WaitForExit();
        if (_process.ExitCode != 137)
        {
            throw new CrashFailedException($"the process ended by itself, with {_process.ExitCode}: {_errors.Result}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
