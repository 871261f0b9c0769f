using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>What commands that change an image have in common. Stateless.</summary>
internal static class VolumeTarget
{
    private const uint NewDirectoryPermissions = 0x1ED;

    /// <summary>Finds a directory, and makes it, and those on the way to it, if they are not there.</summary>
    /// <exception cref="ToolException">Something else has its path, or it cannot be made.</exception>
    public static InodeNumber MakeDirectories(Volume volume, string path)
    {
        byte[] bytes = ByteText.Encode(path);
        byte[] done = [.. "/"u8];
        var owner = new Credentials(Mono.Unix.Native.Syscall.geteuid(), Mono.Unix.Native.Syscall.getegid());
        Errno error = VolumePaths.Find(volume, bytes, follows: true, out InodeEntry entry);
        if (error == Errno.ENOENT)
        {
            error = Errno.None;
            InodeNumber directory = InodeNumber.Root;
            foreach (byte[] name in BytePath.Split(bytes))
            {
                done = [.. done, .. name, .. "/"u8];
                Errno found = VolumePaths.Find(volume, done, follows: true, out entry);
                error = error != Errno.None || found != Errno.ENOENT ? found : volume.MakeDirectory(directory, name, NewDirectoryPermissions, owner, out entry);
                directory = entry.Number;
            }
        }

        error = error == Errno.None && !entry.Attributes.IsDirectory ? Errno.ENOTDIR : error;
        return error == Errno.None
            ? entry.Number
            : throw new ToolException($"cannot use {Complaint.Show(path)} in the image: {ErrnoText.Describe(error)}", ExitCode.Failed);
    }

    /// <summary>Makes everything durable, so that the next opening has nothing to replay.</summary>
    /// <exception cref="ToolException">It could not be written.</exception>
    public static void Commit(Volume volume, string image)
    {
        Errno error = volume.Checkpoint();
        if (error != Errno.None)
        {
            throw new ToolException(
                $"cannot make {Complaint.Show(image)} durable: {ErrnoText.Describe(error)}; look at the disk it lies on, then run vfsblock check", ExitCode.Failed);
        }
    }

    /// <summary>What tells an image's file apart from every other file.</summary>
    public static (ulong FileSystem, ulong Inode) IdentityOf(string image)
    {
        byte[] path = ByteText.Encode(Path.GetFullPath(image));
        using HostDirectory? directory = HostDirectory.TryOpen([.. BytePath.DirectoryOf(path), (byte)'/'], out _);
        return directory?.GetStatus(BytePath.NameOf(path), out HostStatus status) == Errno.None ? (status.FileSystem, status.Inode) : default;
    }
}
