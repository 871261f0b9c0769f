namespace VfsBlock.Storage;

/// <content>Names: dentries, references, link counts.</content>
internal sealed partial class FileTreeCheck
{
    // The names, or references, of one hash lie beside each other.
    private readonly byte[] _groupBytes = new byte[FileKey.SlotCount * VolumeLimits.MaxNameBytes];
    private readonly int[] _groupLengths = new int[FileKey.SlotCount];
    private TreeKey _groupKey;
    private int _groupCount;
    private long _referenceCount;
    private long _dentryCount;
    private long _subdirectoryCount;
    private RefItem _reference;

    private void BeginNames()
    {
        _referenceCount = 0;
        _dentryCount = 0;
        _subdirectoryCount = 0;
        _reference = default;
        _groupCount = 0;
        _groupKey = default;
    }

    private void VisitReference(in TreeItem item)
    {
        if (!RefItem.TryRead(item.Value, out RefItem reference))
        {
            Report(VolumeFindingKind.Item, item.Key, $"a reference of {_number} makes no sense");
            return;
        }

        _referenceCount++;
        _reference = reference;
        CheckSlot(item, HashOf(item.Value), item.Value);
        _ledger.Add(new NameRecord(_number.Value, reference.Parent.Value, reference.DentrySub, (uint)_inode.Type, NameRecord.FromInode));
    }

    private void VisitDentry(in TreeItem item)
    {
        RequireType(item, _inode.IsDirectory);
        if (!DentryItem.TryRead(item.Value, out DentryItem dentry))
        {
            Report(VolumeFindingKind.Item, item.Key, $"a name in {_number} makes no sense");
            return;
        }

        NameCount++;
        _dentryCount++;
        _subdirectoryCount += dentry.Type == InodeType.Directory ? 1 : 0;
        CheckSlot(item, HashOf(dentry.Name), dentry.Name);
        _ledger.Add(new NameRecord(dentry.Child.Value, _number.Value, item.Key.Sub(), (uint)dentry.Type, NameRecord.FromDirectory));
    }

    private ulong HashOf(ReadOnlySpan<byte> bytes) => (SipHash.Compute(_state.HashKey, bytes) >> (64 - FileKey.HashBits)) & _hashMask;

    // Whether what hashes by these bytes lies in one of its slots, and only once.
    private void CheckSlot(in TreeItem item, ulong hash, ReadOnlySpan<byte> bytes)
    {
        if (item.Key.Sub() >> FileKey.SlotBits != hash)
        {
            Report(VolumeFindingKind.HashSlot, item.Key, $"{item.Key.Type()} item {item.Key} of {_number} belongs to the hash {hash:x}");
        }

        var first = new TreeKey(item.Key.High, item.Key.Low & ~(ulong)(FileKey.SlotCount - 1));
        _groupCount = first == _groupKey ? _groupCount : 0;
        _groupKey = first;
        for (int index = 0; index < _groupCount; index++)
        {
            if (_groupBytes.AsSpan(index * VolumeLimits.MaxNameBytes, _groupLengths[index]).SequenceEqual(bytes))
            {
                Report(VolumeFindingKind.Duplicate, item.Key, $"{item.Key.Type()} item {item.Key} of {_number} is there twice");
            }
        }

        bytes.CopyTo(_groupBytes.AsSpan(_groupCount * VolumeLimits.MaxNameBytes));
        _groupLengths[_groupCount++] = bytes.Length;
    }

    private void FinishNames()
    {
        bool isRemoved = _inode.LinkCount == 0;
        bool isRoot = _number == InodeNumber.Root;
        long expected = !_inode.IsDirectory ? _referenceCount : isRemoved ? 0 : 2 + _subdirectoryCount;
        if (_inode.LinkCount != expected)
        {
            _findings.Add(VolumeFindingKind.LinkCount, $"{_number} counts {_inode.LinkCount} links and has {expected}", _number);
        }

        if (isRoot)
        {
            if (!_hasRoot || _referenceCount > 0)
            {
                _findings.Add(VolumeFindingKind.RootDirectory, $"the root is a {_inode.Type} with {_referenceCount} names", _number);
            }

            return;
        }

        if (!_inode.IsDirectory)
        {
            return;
        }

        if (_referenceCount != (isRemoved ? 0 : 1) || (isRemoved && _dentryCount > 0))
        {
            _findings.Add(VolumeFindingKind.LinkCount, $"directory {_number} with {_inode.LinkCount} links has {_referenceCount} names and holds {_dentryCount}", _number);
        }

        if (!isRemoved && _referenceCount > 0)
        {
            _directories.Add(_number, _reference.Parent);
        }
    }
}
