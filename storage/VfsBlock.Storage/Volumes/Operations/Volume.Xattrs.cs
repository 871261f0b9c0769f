using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Extended attributes. Any name of 1 to 255 bytes is kept; which namespaces there are, and who may use them, is the caller's affair (xattr(7)).</content>
public sealed partial class Volume
{
    /// <summary>
    /// Sets an extended attribute. The access control lists system.posix_acl_access and system.posix_acl_default are understood (acl(5)): permissions and list change each
    /// other, a list that says no more than the mode is not kept, and what is made in a directory gets its default list.
    /// </summary>
    /// <param name="inode">Whose.</param>
    /// <param name="name">1 to 255 bytes without 0.</param>
    /// <param name="value">At most 65536 bytes.</param>
    /// <param name="flags">How.</param>
    /// <returns>EEXIST and ENODATA as the flags say; ERANGE for what is no name; E2BIG for a longer value; ENOSPC, also if all names would not fit a list; EPERM if the inode is immutable or
    /// append-only. For an access control list: EINVAL if it is none, ENOSPC if it has more than 127 entries, EACCES for a default list of what is no directory, EOPNOTSUPP for a symbolic link.</returns>
    public Errno SetXattr(InodeNumber inode, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, XattrFlags flags = XattrFlags.None)
    {
        if ((flags & ~(XattrFlags.Create | XattrFlags.Replace | XattrFlags.ClearSetGroupId)) != 0)
        {
            return Errno.EINVAL;
        }

        if (!XattrItem.IsName(name) || value.Length > VolumeLimits.MaxXattrBytes)
        {
            return XattrItem.IsName(name) ? Errno.E2BIG : Errno.ERANGE;
        }

        bool isAcl = name.SequenceEqual(PosixAcl.AccessName) || name.SequenceEqual(PosixAcl.DefaultName);
        if (isAcl)
        {
            return SetAcl(inode, name, value, flags);
        }

        var setting = new XattrSetting { Inode = inode, Name = name, Value = value, Flags = flags };
        return _core.Change(ref setting);
    }

    /// <summary>The value of an extended attribute.</summary>
    /// <param name="inode">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="destination">Where it goes; empty to ask for its length.</param>
    /// <param name="valueBytes">Its length.</param>
    /// <returns>ENODATA if there is none; ERANGE if the destination is too small, and not empty.</returns>
    public Errno GetXattr(InodeNumber inode, ReadOnlySpan<byte> name, Span<byte> destination, out int valueBytes)
    {
        var reading = new XattrReading { Inode = inode, Name = name, Destination = destination };
        Errno error = _core.Query(ref reading);
        valueBytes = reading.ValueBytes;
        return error;
    }

    /// <summary>The names of all extended attributes, each with a 0 behind it.</summary>
    /// <param name="inode">Whose.</param>
    /// <param name="destination">Where they go; empty to ask for their length.</param>
    /// <param name="listBytes">Their length.</param>
    /// <param name="hidesTrusted">True to leave out those of the namespace trusted, which do not exist for callers without privilege (xattr(7)).</param>
    /// <returns>ERANGE if the destination is too small, and not empty.</returns>
    public Errno ListXattrs(InodeNumber inode, Span<byte> destination, out int listBytes, bool hidesTrusted = false)
    {
        var listing = new XattrListing { Inode = inode, Destination = destination, HidesTrusted = hidesTrusted };
        Errno error = _core.Query(ref listing);
        listBytes = listing.ListBytes;
        return error;
    }

    /// <summary>Removes an extended attribute.</summary>
    /// <param name="inode">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <returns>ENODATA if there is none; EPERM if the inode is immutable or append-only.</returns>
    public Errno RemoveXattr(InodeNumber inode, ReadOnlySpan<byte> name)
    {
        var removal = new XattrRemoval { Inode = inode, Name = name, Acl = AclKindOf(name) };
        return _core.Change(ref removal, ChangeRight.Deleting);
    }

    [SkipLocalsInit]
    private static void PutXattr(ref VolumeTransaction transaction, InodeNumber inode, ulong sub, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        var xattr = new XattrItem(name, value.Length, XattrItem.ChunksFor(value.Length) == 0 ? value : default);
        Span<byte> item = stackalloc byte[XattrItem.MaxBytes];
        transaction.Put(FileKey.Of(inode, ItemType.Xattr, sub), xattr.Write(item));
    }

    private static bool WillDeleteXattrChunks(ref VolumeTransaction transaction, InodeNumber inode, ulong sub, int firstChunk, int chunkCount)
    {
        for (int chunk = firstChunk; chunk < chunkCount; chunk++)
        {
            if (!transaction.View.Find(FileKey.XattrData(inode, sub, chunk), out bool exists, out _)
                || (!exists && !transaction.View.FailDamaged(inode))
                || !transaction.WillDelete(FileKey.XattrData(inode, sub, chunk)))
            {
                return false;
            }
        }

        return true;
    }

    private static void DeleteXattrChunks(ref VolumeTransaction transaction, InodeNumber inode, ulong sub, int firstChunk, int chunkCount)
    {
        for (int chunk = firstChunk; chunk < chunkCount; chunk++)
        {
            transaction.Delete(FileKey.XattrData(inode, sub, chunk));
        }
    }

    private ref struct XattrSetting : IVolumeChange
    {
        public InodeNumber Inode;
        public ReadOnlySpan<byte> Name;
        public ReadOnlySpan<byte> Value;
        public XattrFlags Flags;
        public AclKind Acl;
        public bool ClearsSetGroupId;
        private InodeItem _inode;
        private ItemSlot _slot;
        private int _oldChunkCount;

        private readonly int ChunkCount => XattrItem.ChunksFor(Value.Length);

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            if (!view.FindInode(Inode, out _inode) || !view.FindXattr(Inode, Name, out _slot, out XattrItem old))
            {
                return false;
            }

            _oldChunkCount = old.ChunkCount;
            return view.RequireFree(in _inode)
                && RequireAclTarget(ref view, in _inode, Acl)
                && (!_slot.IsTaken || (Flags & XattrFlags.Create) == 0 || view.Fail(Errno.EEXIST))
                && (_slot.IsTaken || (Flags & XattrFlags.Replace) == 0 || view.Fail(Errno.ENODATA))
                && (!_slot.IsFull || view.Fail(Errno.ENOSPC))
                && (_slot.IsTaken || RequireRoomInList(ref view))
                && transaction.WillUpdate(Inode)
                && transaction.WillPut(FileKey.Of(Inode, ItemType.Xattr, _slot.Sub), XattrItem.MaxBytes)
                && WillPutChunks(ref transaction)
                && WillDeleteXattrChunks(ref transaction, Inode, _slot.Sub, ChunkCount, _oldChunkCount);
        }

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            PutXattr(ref transaction, Inode, _slot.Sub, Name, Value);
            for (int chunk = 0; chunk < ChunkCount; chunk++)
            {
                transaction.Put(FileKey.XattrData(Inode, _slot.Sub, chunk), Chunk(chunk));
            }

            DeleteXattrChunks(ref transaction, Inode, _slot.Sub, ChunkCount, _oldChunkCount);
            InodeItem after = _inode;
            after.ChangeTime = transaction.Now;
            SetAclMarks(ref after, Acl, Value, ClearsSetGroupId);
            transaction.Update(Inode, in _inode, in after);
        }

        private readonly bool RequireRoomInList(ref VolumeView view)
        {
            var listing = new XattrListing { Inode = Inode };
            return listing.Run(ref view)
                && (listing.ListBytes + Name.Length + 1 <= VolumeLimits.MaxXattrListBytes || view.Fail(Errno.ENOSPC));
        }

        private readonly bool WillPutChunks(ref VolumeTransaction transaction)
        {
            for (int chunk = 0; chunk < ChunkCount; chunk++)
            {
                if (!transaction.WillPut(FileKey.XattrData(Inode, _slot.Sub, chunk), XattrItem.ChunkBytes))
                {
                    return false;
                }
            }

            return true;
        }

        private readonly ReadOnlySpan<byte> Chunk(int chunk) =>
            Value[(chunk * XattrItem.ChunkBytes)..Math.Min(Value.Length, (chunk + 1) * XattrItem.ChunkBytes)];
    }

    private ref struct XattrReading : IVolumeQuery
    {
        public InodeNumber Inode;
        public ReadOnlySpan<byte> Name;
        public Span<byte> Destination;
        public int ValueBytes;

        public bool Run(ref VolumeView view)
        {
            ValueBytes = 0;
            if (!view.FindXattr(Inode, Name, out ItemSlot slot, out XattrItem found))
            {
                return false;
            }

            if (!slot.IsTaken)
            {
                return view.FindInode(Inode, out _) && view.Fail(Errno.ENODATA);
            }

            ValueBytes = found.ValueBytes;
            if (Destination.Length < ValueBytes)
            {
                return Destination.IsEmpty || view.Fail(Errno.ERANGE);
            }

            found.Value.CopyTo(Destination);
            return ReadChunks(ref view, slot.Sub, found.ChunkCount);
        }

        private readonly bool ReadChunks(ref VolumeView view, ulong sub, int chunkCount)
        {
            for (int chunk = 0; chunk < chunkCount; chunk++)
            {
                if (!view.FindXattrChunk(Inode, sub, chunk, ValueBytes, out ReadOnlySpan<byte> bytes))
                {
                    return false;
                }

                bytes.CopyTo(Destination[(chunk * XattrItem.ChunkBytes)..]);
            }

            return true;
        }
    }

    private ref struct XattrListing : IVolumeQuery
    {
        public InodeNumber Inode;
        public Span<byte> Destination;
        public bool HidesTrusted;
        public int ListBytes;

        public bool Run(ref VolumeView view)
        {
            ListBytes = 0;
            if (!view.FindInode(Inode, out _))
            {
                return false;
            }

            TreeKey first = FileKey.Of(Inode, ItemType.Xattr);
            var cursor = new TreeCursor(view.Core.Files);
            TreeStatus status = cursor.SeekCeiling(first);
            while (status == TreeStatus.Ok && cursor.Key.High == first.High && cursor.Key.Type() == ItemType.Xattr)
            {
                if (!XattrItem.TryRead(cursor.Value, out XattrItem xattr))
                {
                    return view.FailDamaged(Inode);
                }

                if (!HidesTrusted || !xattr.Name.StartsWith("trusted."u8))
                {
                    Add(xattr.Name);
                }

                status = cursor.MoveNext();
            }

            return view.Check(status, cursor.Cold) && (ListBytes <= Destination.Length || Destination.IsEmpty || view.Fail(Errno.ERANGE));
        }

        private void Add(ReadOnlySpan<byte> name)
        {
            int end = ListBytes + name.Length;
            if (end < Destination.Length)
            {
                name.CopyTo(Destination[ListBytes..]);
                Destination[end] = 0;
            }

            ListBytes = end + 1;
        }
    }

    private ref struct XattrRemoval : IVolumeChange
    {
        public InodeNumber Inode;
        public ReadOnlySpan<byte> Name;

        /// <summary>What the removed attribute is.</summary>
        public AclKind Acl;

        /// <summary>Of a list that is taken away because it says no more than a mode: that list. It need not be there.</summary>
        public ReadOnlySpan<byte> Plain;
        public bool IsOptional;
        public bool ClearsSetGroupId;
        private InodeItem _inode;
        private ItemSlot _slot;
        private int _chunkCount;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            if (!view.FindInode(Inode, out _inode) || !view.FindXattr(Inode, Name, out _slot, out XattrItem found))
            {
                return false;
            }

            _chunkCount = found.ChunkCount;
            return view.RequireFree(in _inode)
                && (!IsOptional || RequireAclTarget(ref view, in _inode, Acl))
                && (_slot.IsTaken || IsOptional || view.Fail(Errno.ENODATA))
                && transaction.WillUpdate(Inode)
                && (!_slot.IsTaken || transaction.WillDelete(FileKey.Of(Inode, ItemType.Xattr, _slot.Sub)))
                && WillDeleteXattrChunks(ref transaction, Inode, _slot.Sub, 0, _chunkCount);
        }

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            if (_slot.IsTaken)
            {
                transaction.Delete(FileKey.Of(Inode, ItemType.Xattr, _slot.Sub));
            }

            DeleteXattrChunks(ref transaction, Inode, _slot.Sub, 0, _chunkCount);
            InodeItem after = _inode;
            after.ChangeTime = transaction.Now;
            SetAclMarks(ref after, Acl, Plain, ClearsSetGroupId);
            transaction.Update(Inode, in _inode, in after);
        }
    }
}
