using System.Runtime.InteropServices;

namespace VfsBlock.Bench;

/// <summary>
/// Turns the signals that would end the process into a cancelled token, so that what was started is ended and unmounted
/// first. .NET by itself would end on them and leave the mounts.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _source.Cancel();
        }))];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>
    /// True if a failure just met is the interruption's work: a terminal sends its signal to the servers as well, which may
    /// be faster than we are.
    /// </summary>
    public bool ExplainsFailure() => _source.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(250));

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }
}
