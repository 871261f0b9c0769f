using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>What all operations on names are made of: a name is always two items, one in the directory and one with the inode that leads back.</content>
public sealed partial class Volume
{
    /// <summary>The place for a name that must not be there yet, in a directory that must be.</summary>
    /// <param name="transaction">Whose.</param>
    /// <param name="directory">Where.</param>
    /// <param name="name">What.</param>
    /// <param name="newSubdirectoryCount">By how much the directory's link count is going to rise.</param>
    /// <param name="inode">The directory's attributes.</param>
    /// <param name="place">The place.</param>
    private static bool FindPlaceForNew(
        ref VolumeTransaction transaction,
        InodeNumber directory,
        ReadOnlySpan<byte> name,
        uint newSubdirectoryCount,
        out InodeItem inode,
        out NameSlot place)
    {
        place = default;
        ref VolumeView view = ref transaction.View;
        return view.FindDirectory(directory, out inode)
            && view.FindName(directory, name, out place)
            && (inode.LinkCount > 0 || view.Fail(Errno.ENOENT))
            && (!place.Exists || view.Fail(Errno.EEXIST))
            && view.RequireMutable(in inode)
            && (DentryItem.IsName(name) || view.Fail(Errno.EINVAL))
            && (!place.Slot.IsFull || view.Fail(Errno.ENOSPC))
            && (newSubdirectoryCount == 0 || inode.LinkCount < view.Core.MaxLinkCount || view.Fail(Errno.EMLINK))
            && transaction.WillUpdate(directory);
    }

    /// <summary>Announces <see cref="AddName"/>.</summary>
    private static bool WillAddName(
        ref VolumeTransaction transaction, InodeNumber directory, ReadOnlySpan<byte> name, in NameSlot place, InodeNumber child, ItemSlot reference) =>
        (!reference.IsFull || transaction.View.Fail(Errno.ENOSPC))
        && transaction.WillPut(FileKey.Of(directory, ItemType.Dentry, place.Sub), DentryItem.NameOffset + name.Length)
        && transaction.WillPut(FileKey.Of(child, ItemType.Reference, reference.Sub), RefItem.EncodedBytes);

    /// <summary>Gives an inode a name.</summary>
    [SkipLocalsInit]
    private static void AddName(
        ref VolumeTransaction transaction,
        InodeNumber directory,
        ReadOnlySpan<byte> name,
        in NameSlot place,
        InodeNumber child,
        InodeType type,
        ItemSlot reference)
    {
        Span<byte> value = stackalloc byte[DentryItem.MaxBytes];
        transaction.Put(FileKey.Of(directory, ItemType.Dentry, place.Sub), new DentryItem(child, type, name).Write(value));
        transaction.Put(FileKey.Of(child, ItemType.Reference, reference.Sub), place.ReferenceFrom(directory).Write(value));
    }

    /// <summary>Announces <see cref="RemoveName"/>.</summary>
    private static bool WillRemoveName(
        ref VolumeTransaction transaction, InodeNumber directory, in NameSlot name, InodeNumber child, ItemSlot reference) =>
        transaction.WillDelete(FileKey.Of(directory, ItemType.Dentry, name.Sub))
        && transaction.WillDelete(FileKey.Of(child, ItemType.Reference, reference.Sub));

    /// <summary>Takes a name away from an inode.</summary>
    private static void RemoveName(
        ref VolumeTransaction transaction, InodeNumber directory, in NameSlot name, InodeNumber child, ItemSlot reference)
    {
        transaction.Delete(FileKey.Of(directory, ItemType.Dentry, name.Sub));
        transaction.Delete(FileKey.Of(child, ItemType.Reference, reference.Sub));
    }
}
