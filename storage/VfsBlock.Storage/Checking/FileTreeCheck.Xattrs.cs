namespace VfsBlock.Storage;

/// <content>Extended attributes.</content>
internal sealed partial class FileTreeCheck
{
    // The long ones of the inode at hand, in ascending order, as their parts will come.
    private readonly NativeList<LongXattr> _xattrs = new();
    private int _nextXattr;
    private int _nextChunk;
    private bool _hasAccessAcl;
    private bool _hasDefaultAcl;
    private bool _isAclWrong;

    private void BeginXattrs()
    {
        _xattrs.Clear();
        _nextXattr = 0;
        _nextChunk = 0;
        _hasAccessAcl = false;
        _hasDefaultAcl = false;
        _isAclWrong = false;
    }

    private void VisitXattr(in TreeItem item)
    {
        if (!XattrItem.TryRead(item.Value, out XattrItem xattr))
        {
            Report(VolumeFindingKind.Item, item.Key, $"an extended attribute of {_number} makes no sense");
            return;
        }

        CheckSlot(item, HashOf(xattr.Name) >> (FileKey.HashBits - FileKey.XattrHashBits), xattr.Name);
        VisitAcl(xattr);
        if (xattr.ChunkCount > 0)
        {
            _xattrs.Add(new LongXattr(item.Key.Sub(), xattr.ValueBytes));
        }
    }

    private void VisitAcl(scoped XattrItem xattr)
    {
        bool isAccess = xattr.Name.SequenceEqual(PosixAcl.AccessName);
        bool isDefault = xattr.Name.SequenceEqual(PosixAcl.DefaultName);
        _hasAccessAcl |= isAccess;
        _hasDefaultAcl |= isDefault;
        if (isAccess || isDefault)
        {
            _isAclWrong |= xattr.ChunkCount > 0 || !PosixAcl.IsValid(xattr.Value)
                || (isAccess ? PosixAcl.PermissionsOf(xattr.Value) != (_inode.Mode & ModeBits.AllPermissions) : !_inode.IsDirectory);
        }
    }

    private void VisitXattrData(in TreeItem item)
    {
        ulong sub = item.Key.Sub() >> FileKey.ChunkBits;
        int chunk = (int)(item.Key.Sub() & ((1 << FileKey.ChunkBits) - 1));
        if (_inode.LinkCount == 0)
        {
            return;
        }

        while (_nextXattr < _xattrs.Count && _xattrs[_nextXattr].Sub < sub)
        {
            FinishXattr();
        }

        bool isExpected = _nextXattr < _xattrs.Count && _xattrs[_nextXattr].Sub == sub && chunk == _nextChunk && chunk < _xattrs[_nextXattr].ChunkCount;
        if (!isExpected || item.Value.Length != _xattrs[_nextXattr].ChunkBytes(chunk))
        {
            Report(VolumeFindingKind.XattrData, item.Key, $"part {chunk} of an extended attribute of {_number} is not what belongs there: it has {item.Value.Length} bytes");
        }

        _nextChunk = isExpected ? chunk + 1 : _nextChunk;
    }

    private void FinishXattr()
    {
        LongXattr xattr = _xattrs[_nextXattr++];
        if (_nextChunk != xattr.ChunkCount)
        {
            _findings.Add(
                VolumeFindingKind.XattrData,
                $"an extended attribute of {_number} with {xattr.ValueBytes} bytes has {_nextChunk} of {xattr.ChunkCount} parts",
                _number,
                key: FileKey.Of(_number, ItemType.Xattr, xattr.Sub));
        }

        _nextChunk = 0;
    }

    private void FinishXattrs()
    {
        while (_nextXattr < _xattrs.Count)
        {
            FinishXattr();
        }

        if (_isAclWrong || _hasAccessAcl != _inode.HasAccessAcl || _hasDefaultAcl != _inode.HasDefaultAcl)
        {
            _findings.Add(VolumeFindingKind.AccessList, $"an access control list of {_number} is not what mode {_inode.Mode:x} and flags {_inode.Flags:x} say", _number);
        }
    }

    private readonly record struct LongXattr(ulong Sub, int ValueBytes)
    {
        public int ChunkCount => XattrItem.ChunksFor(ValueBytes);

        public int ChunkBytes(int chunk) => Math.Min(XattrItem.ChunkBytes, ValueBytes - (chunk * XattrItem.ChunkBytes));
    }
}
