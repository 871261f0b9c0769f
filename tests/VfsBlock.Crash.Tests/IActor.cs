using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests;

/// <summary>Who carries operations out: the volume, or the model of it. The same operation must get the same answer from both.</summary>
internal interface IActor
{
    Errno Lookup(InodeNumber directory, byte[] name, out InodeNumber found);

    Errno Create(InodeNumber directory, byte[] name, InodeType type, byte[] target);

    Errno MakeNode(InodeNumber directory, byte[] name, InodeType type, ulong device);

    Errno CreateTemporary(InodeNumber directory, out InodeNumber created);

    Errno Link(InodeNumber inode, InodeNumber directory, byte[] name);

    Errno Unlink(InodeNumber directory, byte[] name);

    Errno RemoveDirectory(InodeNumber directory, byte[] name);

    Errno Rename(InodeNumber oldDirectory, byte[] oldName, InodeNumber newDirectory, byte[] newName, RenameFlags flags);

    Errno Write(InodeNumber inode, int offsetBytes, byte[] data);

    Errno SetSize(InodeNumber inode, int sizeBytes);

    Errno Allocate(InodeNumber inode, int offsetBytes, int lengthBytes, bool keepsSize);

    Errno PunchHole(InodeNumber inode, int offsetBytes, int lengthBytes);

    Errno ZeroRange(InodeNumber inode, int offsetBytes, int lengthBytes, bool keepsSize);

    Errno CollapseRange(InodeNumber inode, int offsetBytes, int lengthBytes);

    Errno InsertRange(InodeNumber inode, int offsetBytes, int lengthBytes);

    Errno CopyRange(InodeNumber source, int sourceBytes, InodeNumber target, int targetBytes, int lengthBytes);

    Errno SetAttributes(InodeNumber inode, AttributeChange change);

    Errno SetFlags(InodeNumber inode, InodeFlags flags);

    Errno SetXattr(InodeNumber inode, byte[] name, byte[] value);

    Errno RemoveXattr(InodeNumber inode, byte[] name);

    Errno Hold(InodeNumber inode);

    Errno Release(InodeNumber inode);
}
