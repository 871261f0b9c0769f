using System.Runtime.InteropServices;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>
/// Catches TERM, INT, HUP and QUIT, so that a server unmounts before it ends. .NET 10 installs no handlers of its own:
/// without this the process dies at once and leaves a dead mount.
/// </summary>
/// <remarks>
/// <para>
/// The first signal calls the callback, once, on a thread of the runtime's: it should wake another thread and return.
/// The second is caught and changes nothing, so that an impatient Ctrl-C does not break off the unmounting. The third,
/// of whatever kind, ends the process at once with 128 plus the signal's number; the mount then stays behind, dead.
/// </para>
/// <para>Until disposed. Counts under a lock of its own, which is not held during the callback.</para>
/// </remarks>
public sealed class SignalGuard : IDisposable
{
    private const int LastCount = 3;
    private static readonly PosixSignal[] _signals =
        [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly Lock _gate = new();
    private readonly Action<PosixSignal> _onFirst;
    private readonly Action<int> _end;
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <summary>Starts to catch.</summary>
    /// <param name="onFirst">What the first signal calls.</param>
    public SignalGuard(Action<PosixSignal> onFirst)
        : this(onFirst, Libc.ExitNow)
    {
    }

    /// <summary>As the public one, but the process's end is the test's affair.</summary>
    internal SignalGuard(Action<PosixSignal> onFirst, Action<int> end)
    {
        ArgumentNullException.ThrowIfNull(onFirst);
        _onFirst = onFirst;
        _end = end;
        _registrations = [.. _signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Lets the signals have their old effect again.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        int count;
        lock (_gate)
        {
            count = ++_count;
        }

        if (count == 1)
        {
            _onFirst(context.Signal);
        }
        else if (count == LastCount)
        {
            _end(128 + Number(context.Signal));
        }
    }

    // PosixSignal has numbers of .NET's own, below zero.
    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => 15,
    };
}
