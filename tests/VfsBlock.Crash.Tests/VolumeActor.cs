using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests;

/// <summary>Operations on a volume.</summary>
internal sealed class VolumeActor(Volume volume) : IActor
{
    public static Credentials Owner { get; } = new(1000, 100);

    public Errno Lookup(InodeNumber directory, byte[] name, out InodeNumber found)
    {
        Errno error = volume.Lookup(directory, name, out InodeEntry entry);
        found = entry.Number;
        return error;
    }

    public Errno Create(InodeNumber directory, byte[] name, InodeType type, byte[] target) => type switch
    {
        InodeType.Directory => volume.MakeDirectory(directory, name, 0x1ED, Owner, out _),
        InodeType.SymbolicLink => volume.Symlink(directory, name, target, Owner, out _),
        _ => volume.Create(directory, name, 0x1A4, Owner, out _),
    };

    public Errno MakeNode(InodeNumber directory, byte[] name, InodeType type, ulong device) =>
        volume.MakeNode(directory, name, ((uint)type << 12) | 0x1A4, device, Owner, out _);

    public Errno CreateTemporary(InodeNumber directory, out InodeNumber created)
    {
        Errno error = volume.TemporaryFile(directory, 0x180, Owner, out InodeEntry entry);
        created = entry.Number;
        return error;
    }

    public Errno Link(InodeNumber inode, InodeNumber directory, byte[] name) => volume.Link(inode, directory, name, out _);

    public Errno Unlink(InodeNumber directory, byte[] name) => volume.Unlink(directory, name);

    public Errno RemoveDirectory(InodeNumber directory, byte[] name) => volume.RemoveDirectory(directory, name);

    public Errno Rename(InodeNumber oldDirectory, byte[] oldName, InodeNumber newDirectory, byte[] newName, RenameFlags flags) =>
        volume.Rename(oldDirectory, oldName, newDirectory, newName, flags, Owner);

    // A write of less than a mebibyte is one change: it happens whole or not at all.
    public Errno Write(InodeNumber inode, int offsetBytes, byte[] data)
    {
        IoResult result = volume.Write(inode, (ulong)offsetBytes, data);
        return result.Bytes == (result.Succeeded ? data.Length : 0)
            ? result.Error : throw new InvalidOperationException($"a write of {data.Length} bytes wrote {result.Bytes}: {result.Error}");
    }

    public Errno SetSize(InodeNumber inode, int sizeBytes) => volume.SetSize(inode, (ulong)sizeBytes);

    public Errno Allocate(InodeNumber inode, int offsetBytes, int lengthBytes, bool keepsSize) =>
        volume.Allocate(inode, (ulong)offsetBytes, (ulong)lengthBytes, keepsSize);

    public Errno PunchHole(InodeNumber inode, int offsetBytes, int lengthBytes) => volume.PunchHole(inode, (ulong)offsetBytes, (ulong)lengthBytes);

    public Errno ZeroRange(InodeNumber inode, int offsetBytes, int lengthBytes, bool keepsSize) =>
        volume.ZeroRange(inode, (ulong)offsetBytes, (ulong)lengthBytes, keepsSize);

    public Errno CollapseRange(InodeNumber inode, int offsetBytes, int lengthBytes) => volume.CollapseRange(inode, (ulong)offsetBytes, (ulong)lengthBytes);

    public Errno InsertRange(InodeNumber inode, int offsetBytes, int lengthBytes) => volume.InsertRange(inode, (ulong)offsetBytes, (ulong)lengthBytes);

    public Errno CopyRange(InodeNumber source, int sourceBytes, InodeNumber target, int targetBytes, int lengthBytes) =>
        volume.CopyRange(source, (ulong)sourceBytes, target, (ulong)targetBytes, (ulong)lengthBytes, out _);

    public Errno SetAttributes(InodeNumber inode, AttributeChange change) => volume.SetAttributes(inode, change, out _);

    public Errno SetFlags(InodeNumber inode, InodeFlags flags) => volume.SetFlags(inode, flags);

    public Errno SetXattr(InodeNumber inode, byte[] name, byte[] value) => volume.SetXattr(inode, name, value);

    public Errno RemoveXattr(InodeNumber inode, byte[] name) => volume.RemoveXattr(inode, name);

    public Errno Hold(InodeNumber inode) => volume.Hold(inode);

    public Errno Release(InodeNumber inode) => volume.Release(inode);
}
