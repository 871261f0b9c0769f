using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>Making, removing, and changing attributes.</content>
public sealed unsafe partial class HostDirectory
{
    /// <summary>Makes a directory. mkdirat(2).</summary>
    public Errno MakeDirectory(ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* bytes = Terminated(name))
        {
            return (Errno)(-Libc.MakeDirectoryAt(Descriptor, bytes, mode));
        }
    }

    /// <summary>Makes a FIFO, socket, device node or empty file. mknodat(2).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mode">Type and permissions.</param>
    /// <param name="device">Of a device node: its number as makedev(3) packs it.</param>
    public Errno MakeNode(ReadOnlySpan<byte> name, uint mode, ulong device)
    {
        fixed (byte* bytes = Terminated(name))
        {
            return (Errno)(-Libc.MakeNodeAt(Descriptor, bytes, mode, device));
        }
    }

    /// <summary>Makes a symbolic link. symlinkat(2).</summary>
    public Errno MakeSymbolicLink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        fixed (byte* bytes = Terminated(name), to = Terminated(target))
        {
            return (Errno)(-Libc.MakeLinkAt(to, Descriptor, bytes));
        }
    }

    /// <summary>Gives what has a name in <paramref name="directory"/> one more name here. linkat(2).</summary>
    public Errno Link(HostDirectory directory, ReadOnlySpan<byte> oldName, ReadOnlySpan<byte> name)
    {
        ArgumentNullException.ThrowIfNull(directory);
        fixed (byte* old = Terminated(oldName), bytes = Terminated(name))
        {
            return (Errno)(-Libc.LinkAt(directory.Descriptor, old, Descriptor, bytes));
        }
    }

    /// <summary>Removes a name of anything but a directory. unlinkat(2).</summary>
    public Errno Unlink(ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = Terminated(name))
        {
            return (Errno)(-Libc.UnlinkAt(Descriptor, bytes, 0));
        }
    }

    /// <summary>Removes an empty directory. unlinkat(2).</summary>
    public Errno RemoveDirectory(ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = Terminated(name))
        {
            return (Errno)(-Libc.UnlinkAt(Descriptor, bytes, Libc.RemoveDirectory));
        }
    }

    /// <summary>Changes owner and group. fchownat(2).</summary>
    public Errno SetOwner(ReadOnlySpan<byte> name, uint userId, uint groupId)
    {
        fixed (byte* bytes = Terminated(name))
        {
            return (Errno)(-Libc.ChangeOwnerAt(Descriptor, bytes, userId, groupId));
        }
    }

    /// <summary>Changes permissions; of what a link leads to, if the name is one. fchmodat(2).</summary>
    public Errno SetMode(ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* bytes = Terminated(name))
        {
            return (Errno)(-Libc.ChangeModeAt(Descriptor, bytes, mode));
        }
    }

    /// <summary>Changes access and modification time. utimensat(2).</summary>
    public Errno SetTimes(ReadOnlySpan<byte> name, HostTime accessTime, HostTime modifyTime)
    {
        TimeSpec* times = stackalloc TimeSpec[2];
        times[0] = new TimeSpec { Seconds = accessTime.Seconds, Nanoseconds = accessTime.Nanoseconds };
        times[1] = new TimeSpec { Seconds = modifyTime.Seconds, Nanoseconds = modifyTime.Nanoseconds };
        fixed (byte* bytes = Terminated(name))
        {
            return (Errno)(-Libc.SetTimesAt(Descriptor, bytes, times));
        }
    }
}
