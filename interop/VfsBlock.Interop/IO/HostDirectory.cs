using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// An open directory of the host, and what is in it by name. Names are bytes without '/' and 0; nobody interprets them. Symbolic links are never followed.
/// </summary>
/// <remarks>Owns the descriptor. One thread at a time. Failures are values. It allocates: for tools, not for request paths.</remarks>
public sealed unsafe partial class HostDirectory : IDisposable
{
    private const int EntryBufferBytes = 64 << 10;
    private const int MaxLinkBytes = 4096;
    private const OpenFlags DirectoryFlags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec;

    private readonly HostFile _file;
    private readonly byte[] _descriptorPath;

    private HostDirectory(HostFile file)
    {
        _file = file;
        _descriptorPath = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{Descriptor}/"));
    }

    private int Descriptor => (int)_file.Handle.DangerousGetHandle();

    /// <summary>Opens a directory by its path, whose links are followed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="error">Why there is none: ENOENT, ENOTDIR, EACCES and the others of open(2).</param>
    public static HostDirectory? TryOpen(ReadOnlySpan<byte> path, out Errno error)
    {
#pragma warning disable CA2000 // the directory owns it
        return HostFile.TryOpen(path, DirectoryFlags, 0, out error) is { } file ? new HostDirectory(file) : null;
#pragma warning restore CA2000
    }

    /// <summary>Opens a directory in this one.</summary>
    /// <param name="name">Its name; a symbolic link is ELOOP or ENOTDIR.</param>
    /// <param name="error">Why there is none.</param>
    public HostDirectory? TryOpenDirectory(ReadOnlySpan<byte> name, out Errno error)
    {
#pragma warning disable CA2000 // the directory owns it
        return TryOpenFile(name, DirectoryFlags, 0, out error) is { } file ? new HostDirectory(file) : null;
#pragma warning restore CA2000
    }

    /// <summary>Opens a file in this directory.</summary>
    /// <param name="name">Its name; a symbolic link is ELOOP.</param>
    /// <param name="flags">How.</param>
    /// <param name="mode">Permissions of a file that this makes, less the umask.</param>
    /// <param name="error">Why there is none.</param>
    public HostFile? TryOpenFile(ReadOnlySpan<byte> name, OpenFlags flags, uint mode, out Errno error)
    {
        int descriptor;
        fixed (byte* bytes = Terminated(name))
        {
            do
            {
                descriptor = Libc.OpenAt(Descriptor, bytes, flags | OpenFlags.NoFollow | OpenFlags.CloseOnExec, mode);
            }
            while (descriptor == -(int)Errno.EINTR);
        }

        error = descriptor < 0 ? (Errno)(-descriptor) : Errno.None;
        return descriptor < 0 ? null : new HostFile(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>What a name stands for; an empty name for the directory itself.</summary>
    public Errno GetStatus(ReadOnlySpan<byte> name, out HostStatus status)
    {
        Statx stat = default;
        int result;
        fixed (byte* bytes = Terminated(name))
        {
            result = Libc.StatX(Descriptor, bytes, Libc.NoFollowLink | (name.IsEmpty ? Libc.EmptyPath : 0), Libc.StatxBasic, &stat);
        }

        status = new HostStatus(
            stat.Mode,
            stat.UserId,
            stat.GroupId,
            (long)Math.Min(stat.SizeBytes, long.MaxValue),
            (long)Math.Min(stat.SectorCount, long.MaxValue),
            stat.LinkCount,
            stat.Inode,
            Pack(stat.DeviceMajor, stat.DeviceMinor),
            Pack(stat.DeviceOwnMajor, stat.DeviceOwnMinor),
            new HostTime(stat.AccessTime.Seconds, stat.AccessTime.Nanoseconds),
            new HostTime(stat.ModificationTime.Seconds, stat.ModificationTime.Nanoseconds));
        return (Errno)(-result);
    }

    /// <summary>All names, "." and ".." aside, sorted by their bytes. Call it once: it reads from where the descriptor stands.</summary>
    public Errno ReadNames(out List<byte[]> names)
    {
        names = [];
        var buffer = new byte[EntryBufferBytes];
        while (true)
        {
            long count;
            fixed (byte* bytes = buffer)
            {
                count = Libc.ReadEntries(Descriptor, bytes, EntryBufferBytes);
            }

            if (count <= 0)
            {
                names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
                return (Errno)(int)-count;
            }

            TakeNames(buffer.AsSpan(0, (int)count), names);
        }
    }

    /// <summary>Where a symbolic link leads.</summary>
    public Errno ReadLink(ReadOnlySpan<byte> name, out byte[] target)
    {
        Span<byte> buffer = stackalloc byte[MaxLinkBytes];
        long count;
        fixed (byte* bytes = Terminated(name), into = buffer)
        {
            count = Libc.ReadLinkAt(Descriptor, bytes, into, MaxLinkBytes);
        }

        target = count < 0 ? [] : buffer[..(int)count].ToArray();
        return count < 0 ? (Errno)(int)-count : Errno.None;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static byte[] Terminated(ReadOnlySpan<byte> name)
    {
        byte[] bytes = new byte[name.Length + 1];
        name.CopyTo(bytes);
        return bytes;
    }

    // struct linux_dirent64: inode, offset, record length at 16, type, name at 19.
    private static void TakeNames(ReadOnlySpan<byte> entries, List<byte[]> names)
    {
        while (!entries.IsEmpty)
        {
            int recordBytes = BitConverter.ToUInt16(entries[16..]);
            ReadOnlySpan<byte> name = entries[19..recordBytes];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add(name.ToArray());
            }

            entries = entries[recordBytes..];
        }
    }

    // makedev(3).
    private static ulong Pack(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);
}
