using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>Operations on the model.</summary>
/// <param name="model">The model.</param>
/// <param name="step">Called where an operation may be cut in two by a crash.</param>
internal sealed class ModelActor(ModelVolume model, Action? step = null) : IActor
{
    public Errno Lookup(InodeNumber directory, byte[] name, out InodeNumber found) => model.Lookup(directory, name, out found);

    public Errno Create(InodeNumber directory, byte[] name, InodeType type, byte[] target) => type switch
    {
        InodeType.Directory => model.Create(directory, name, type, 0x1ED, VolumeActor.Owner, out _),
        InodeType.SymbolicLink => model.Create(directory, name, type, 0x1FF, VolumeActor.Owner, out _, target: target),
        _ => model.Create(directory, name, type, 0x1A4, VolumeActor.Owner, out _),
    };

    public Errno MakeNode(InodeNumber directory, byte[] name, InodeType type, ulong device) =>
        model.Create(directory, name, type, 0x1A4, VolumeActor.Owner, out _, device: device);

    public Errno CreateTemporary(InodeNumber directory, out InodeNumber created) =>
        model.TemporaryFile(directory, 0x180, VolumeActor.Owner, out created);

    public Errno Link(InodeNumber inode, InodeNumber directory, byte[] name) => model.Link(inode, directory, name);

    public Errno Unlink(InodeNumber directory, byte[] name) => model.Unlink(directory, name);

    public Errno RemoveDirectory(InodeNumber directory, byte[] name) => model.RemoveDirectory(directory, name);

    public Errno Rename(InodeNumber oldDirectory, byte[] oldName, InodeNumber newDirectory, byte[] newName, RenameFlags flags) =>
        model.Rename(oldDirectory, oldName, newDirectory, newName, flags, VolumeActor.Owner);

    public Errno Write(InodeNumber inode, int offsetBytes, byte[] data) => model.Write(inode, offsetBytes, data);

    public Errno SetSize(InodeNumber inode, int sizeBytes) => model.SetSize(inode, sizeBytes);

    public Errno Allocate(InodeNumber inode, int offsetBytes, int lengthBytes, bool keepsSize) =>
        model.Allocate(inode, offsetBytes, lengthBytes, keepsSize, step);

    public Errno PunchHole(InodeNumber inode, int offsetBytes, int lengthBytes) => model.PunchHole(inode, offsetBytes, lengthBytes, step);

    public Errno ZeroRange(InodeNumber inode, int offsetBytes, int lengthBytes, bool keepsSize) =>
        model.ZeroRange(inode, offsetBytes, lengthBytes, keepsSize, step);

    public Errno CollapseRange(InodeNumber inode, int offsetBytes, int lengthBytes) => model.CollapseRange(inode, offsetBytes, lengthBytes, step);

    public Errno InsertRange(InodeNumber inode, int offsetBytes, int lengthBytes) => model.InsertRange(inode, offsetBytes, lengthBytes, step);

    public Errno CopyRange(InodeNumber source, int sourceBytes, InodeNumber target, int targetBytes, int lengthBytes) =>
        model.CopyRange(source, sourceBytes, target, targetBytes, lengthBytes, step);

    public Errno SetAttributes(InodeNumber inode, AttributeChange change) => model.SetAttributes(inode, change);

    public Errno SetFlags(InodeNumber inode, InodeFlags flags) => model.SetFlags(inode, flags);

    public Errno SetXattr(InodeNumber inode, byte[] name, byte[] value) => model.SetXattr(inode, name, value);

    public Errno RemoveXattr(InodeNumber inode, byte[] name) => model.RemoveXattr(inode, name);

    public Errno Hold(InodeNumber inode) => model.Hold(inode);

    public Errno Release(InodeNumber inode)
    {
        model.Release(inode);
        return Errno.None;
    }
}
