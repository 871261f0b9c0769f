using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>A FUSE file system that is mounted: the device by which it is served, and the place where it stands.</summary>
/// <remarks>
/// <para>Owns the device descriptor until disposed. Any thread may call it; unmounting takes a lock of its own.</para>
/// <para>
/// Unmounting makes the kernel write back what is dirty, and that takes a server: call <see cref="TryUnmount"/>,
/// <see cref="Detach"/> and <see cref="Unmount"/> while the device is still being served, and never from a thread that
/// serves it. A server that serves no more must close its descriptors (its clones, then <see cref="Dispose"/>) before
/// anything unmounts: requests then fail instead of waiting for a reply that nobody sends.
/// </para>
/// <para>
/// Whatever stands on the mount point is first compared with what was mounted; a mount that somebody else made there
/// since is left alone. The kernel has no call that does both at once, so a few microseconds remain in which another
/// process can swap the mounts.
/// </para>
/// </remarks>
public sealed class FuseMount : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MountIdentity _identity;
    private readonly ChildProgram? _watcher;
    private readonly DescriptorSocket? _watcherSocket;
    private bool _isGone;

    internal FuseMount(
        string mountPoint,
        MountMethod method,
        SafeFileHandle device,
        MountIdentity identity,
        ChildProgram? watcher = null,
        DescriptorSocket? watcherSocket = null)
    {
        MountPoint = mountPoint;
        Method = method;
        Device = device;
        _identity = identity;
        _watcher = watcher;
        _watcherSocket = watcherSocket;
        Connection = new FuseConnection(identity.Device);
    }

    /// <summary>Where it stands: absolute, without links.</summary>
    public string MountPoint { get; }

    /// <summary>How it was mounted, never <see cref="MountMethod.Automatic"/>.</summary>
    public MountMethod Method { get; }

    /// <summary>The /dev/fuse descriptor: closed on exec, in blocking mode.</summary>
    public SafeFileHandle Device { get; }

    /// <summary>st_dev of the files inside.</summary>
    public DeviceNumber DeviceNumber => _identity.Device;

    /// <summary>The kernel's controls of this connection.</summary>
    public FuseConnection Connection { get; }

    /// <summary>Whether our mount, and not another one, is what stands on the mount point now. Asks no server.</summary>
    public bool IsMounted
    {
        get
        {
            if (_isGone
                || MountIdentity.TryRead(MountPoint, out MountIdentity now) != Errno.None
                || !now.IsRoot || now.Id != _identity.Id || now.Device != _identity.Device)
            {
                return false;
            }

            // Id and device number may both have gone to the next mount. If there is no unique number, it is ours as long
            // as our connection lives; and if that is dead, a mount that works cannot be ours.
            return now.UniqueId != 0 && _identity.UniqueId != 0
                ? now.UniqueId == _identity.UniqueId
                : IsConnected || StaleMount.IsDead(MountPoint);
        }
    }

    /// <summary>
    /// Opens another descriptor for this connection, closed on exec. New requests come to all descriptors alike; what was
    /// read by one is kept apart from the others, so that threads with one each do not wait for each other's replies.
    /// </summary>
    /// <param name="clone">The descriptor, the caller's to dispose; null on failure.</param>
    /// <returns>
    /// None; EACCES if this process has given up the right to open /dev/fuse; EMFILE; ENOTTY before Linux 4.5. A server
    /// can do without.
    /// </returns>
    public Errno TryCloneDevice(out SafeFileHandle? clone) => FuseDevice.Clone(Device, out clone);

    /// <summary>Unmounts unless something in it is in use: then <see cref="UnmountOutcome.Refused"/> with EBUSY.</summary>
    public UnmountResult TryUnmount() => UnmountNow(lazy: false);

    /// <summary>Takes it out of the directory tree now; who has a file open in it is served until the last close.</summary>
    public UnmountResult Detach() => UnmountNow(lazy: true);

    /// <summary>Tries to unmount for as long as <paramref name="patience"/>, and detaches what is busy even then.</summary>
    public UnmountResult Unmount(TimeSpan patience)
    {
        const int RetryMs = 100;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            UnmountResult result = TryUnmount();
            if (result is not { Outcome: UnmountOutcome.Refused, Error: Errno.EBUSY })
            {
                return result;
            }

            if (watch.Elapsed >= patience)
            {
                return Detach();
            }

            Thread.Sleep(RetryMs);
        }
    }

    /// <summary>
    /// Closes the device and, if it is still mounted, detaches it: the way out after a failure, when nobody serves any
    /// more. What was not written back is lost; a server that ends well calls <see cref="Unmount"/> first.
    /// </summary>
    public void Dispose()
    {
        bool wasMounted = IsMounted;
        Device.Dispose();
        if (wasMounted)
        {
            Detach();
        }

        EndWatcher();
    }

    private bool IsConnected => !Device.IsClosed && FuseDevice.IsConnected(Device);

    private UnmountResult UnmountNow(bool lazy)
    {
        lock (_gate)
        {
            if (!IsMounted)
            {
                return ExplainAbsence();
            }

            Errno error = Fuse.MountPoint.Unmount(MountPoint, lazy, out string detail);
            if (error != Errno.None)
            {
                return new UnmountResult(UnmountOutcome.Refused, error, detail);
            }

            _isGone = true;
            EndWatcher();
            return new UnmountResult(lazy ? UnmountOutcome.Detached : UnmountOutcome.Unmounted, Errno.None, detail);
        }
    }

    private UnmountResult ExplainAbsence()
    {
        bool isHidden = !_isGone && MountTable.Read().Any(
            entry => entry.MountPoint == MountPoint && (ulong)entry.Id == _identity.Id && entry.Device == _identity.Device)
            && IsConnected;
        _isGone = !isHidden;
        return new UnmountResult(isHidden ? UnmountOutcome.Covered : UnmountOutcome.AlreadyGone, Errno.None, "");
    }

    // The program of auto_unmount unmounts by path when the socket closes: by then the path may be somebody else's.
    private void EndWatcher()
    {
        _ = _watcher?.Kill();
        _watcherSocket?.Dispose();
        _watcher?.WaitForExit();
        _watcher?.Dispose();
    }
}
