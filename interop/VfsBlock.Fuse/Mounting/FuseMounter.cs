using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>Mounts FUSE file systems. Any thread may call it; it holds only settings.</summary>
public sealed class FuseMounter
{
    /// <summary>Is told about warnings and about stale mounts that were removed.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Who asks the kernel.</summary>
    public MountMethod Method { get; init; }

    /// <summary>Whether a direct mount waits for INIT where the kernel offers that; tests of the other way turn it off.</summary>
    internal bool UseSyncInit { get; init; } = true;

    /// <summary>
    /// Removes a stale mount in the way, checks what must hold, mounts, and has the caller start to serve.
    /// </summary>
    /// <param name="mountPoint">An existing directory.</param>
    /// <param name="options">How to mount.</param>
    /// <param name="startServing">
    /// Called once, on this thread, with the device, as soon as the device can be read. It starts the threads that read,
    /// and returns at once. Where the kernel lets a mount wait for INIT (Linux 6.18, direct mounts) this comes before the
    /// mount, and this method then returns after INIT was answered; otherwise it comes after the mount, and the answer to
    /// INIT is the server's to wait for. If the mount fails afterwards the readers get ENODEV, as after an unmount. If it
    /// throws, it must have stopped what it started.
    /// </param>
    /// <returns>The mount; the caller unmounts and disposes it.</returns>
    /// <exception cref="FuseMountException">The mount could not be made; nothing is left mounted.</exception>
    public FuseMount Mount(string mountPoint, MountOptions options, Action<SafeFileHandle> startServing)
    {
        ArgumentException.ThrowIfNullOrEmpty(mountPoint);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(startServing);
        Errno resolved = MountPoint.Resolve(mountPoint, out string path);
        if (resolved == Errno.None)
        {
            StaleMount.Remove(path, Logger);
        }
        else if (resolved != Errno.ENOENT)
        {
            throw Failure(path, "the path cannot be followed", resolved);
        }

        Check(path, options);
        Errno error = Errno.EPERM;
        FileSystemContext? context = null;
        if (Method == MountMethod.Direct || (Method == MountMethod.Automatic && !options.AutoUnmount))
        {
            error = FileSystemContext.TryOpen(options.KernelType, out context);
        }

        using (context)
        {
            if (context is not null)
            {
                return MountDirectly(path, options, context, startServing);
            }
        }

        return error == Errno.EPERM && Method != MountMethod.Direct
            ? MountByProgram(path, options, startServing)
            : throw Failure(path, "this process may not mount, or the kernel has no FUSE", error);
    }

    private void Check(string path, MountOptions options)
    {
        foreach (MountProblem problem in MountRequirements.Check(path, options, Method))
        {
            if (problem.IsFatal)
            {
                throw new FuseMountException($"cannot mount on {path}: {problem.Message}", problem.Error);
            }

            Logger.LogWarning("mounting on {MountPoint}: {Problem}", path, problem.Message);
        }
    }

    private FuseMount MountDirectly(
        string path, MountOptions options, FileSystemContext context, Action<SafeFileHandle> startServing)
    {
        Errno error = FuseDevice.Open(out SafeFileHandle? device);
        if (error != Errno.None)
        {
            throw Failure(path, $"{FuseDevice.Path} cannot be opened", error);
        }

        SafeFileHandle? mount = null;
        FuseMount? result = null;
        try
        {
            Configure(path, options, context, device!);

            // A block device may be in use or none at all; readers that wait for a mount could not be woken after that.
            bool isSyncInit = UseSyncInit && !options.BlockDevice && FuseDevice.RequestSyncInit(device!) == Errno.None;
            if (isSyncInit)
            {
                startServing(device!);
            }

            ThrowIf(context.Create(), path, "the kernel refuses to make the file system", context);
            ThrowIf(context.Mount(options.ToMountAttributes(), out mount), path, "the kernel refuses to mount it", context);
            ThrowIf(MountIdentity.TryRead(mount!, out MountIdentity identity), path, "the new mount cannot be read", null);
            ThrowIf(FileSystemContext.Attach(mount!, path), path, "the new mount cannot be put there", null);
            result = new FuseMount(path, MountMethod.Direct, device!, identity);
            device = null;
            if (!isSyncInit)
            {
                startServing(result.Device);
            }

            FuseMount made = result;
            result = null;
            return made;
        }
        finally
        {
            // Closing a mount that is in no tree unmounts it; one that is in the tree only loses a user.
            mount?.Dispose();
            result?.Dispose();
            device?.Dispose();
        }
    }

    private static void Configure(string path, MountOptions options, FileSystemContext context, SafeFileHandle device)
    {
        int descriptor = (int)device.DangerousGetHandle();
        foreach ((string key, string? value) in options.ToKernelParameters(descriptor, Libc.UserId(), Libc.GroupId()))
        {
            string option = value is null ? key : $"{key}={value}";
            ThrowIf(context.Set(key, value), path, $"the kernel refuses the option '{option}'", context);
        }
    }

    private FuseMount MountByProgram(string path, MountOptions options, Action<SafeFileHandle> startServing)
    {
        Fusermount fusermount = Fusermount.Find()
            ?? throw Failure(path, "fusermount3 is missing; as root: apt-get install fuse3", Errno.ENOENT);
        if (options.ToFusermountString() != options.ToString())
        {
            Logger.LogWarning("mounting on {MountPoint}: fusermount3 knows neither strictatime nor nodiratime; left out", path);
        }

        (SafeFileHandle device, ChildProgram? watcher, DescriptorSocket? socket) = fusermount.Mount(path, options);
        Errno error = MountIdentity.TryRead(path, out MountIdentity identity);
        if (FuseDevice.ReadConnection(device) is { } connection && identity.Device != DeviceNumber.FromKernel(connection))
        {
            // Somebody was quicker and unmounted ours, or mounted over it. Nothing will compare equal to this.
            identity = new MountIdentity(0, 0, DeviceNumber.FromKernel(connection), IsRoot: false);
        }

        var mount = new FuseMount(path, MountMethod.Fusermount, device, identity, watcher, socket);
        try
        {
            ThrowIf(error, path, "the new mount cannot be read", null);
            startServing(device);
            FuseMount made = mount;
            mount = null;
            return made;
        }
        finally
        {
            mount?.Dispose();
        }
    }

    private static void ThrowIf(Errno error, string path, string what, FileSystemContext? context)
    {
        if (error != Errno.None)
        {
            string messages = context?.ReadMessages() ?? "";
            throw Failure(path, messages.Length > 0 ? $"{what} ({messages})" : what, error);
        }
    }

    private static FuseMountException Failure(string path, string cause, Errno error) =>
        new($"cannot mount on {path}: {cause}: {ErrnoText.Describe(error)}", error);
}
