namespace VfsBlock.Storage;

/// <summary>Says what is wrong with the names that <see cref="NameLedger"/> found to differ, after two more walks over the file tree.</summary>
/// <remarks>Owns native memory for the names in question. One thread: all items to <see cref="Collect"/>, then all to <see cref="Resolve"/>, then <see cref="Report"/>.</remarks>
internal sealed class NameComparison(NameLedger ledger, FindingList findings) : IDisposable
{
    private const uint BrokenType = 0xFF;

    private readonly NameLedger _ledger = ledger;
    private readonly FindingList _findings = findings;
    private readonly NativeList<NameRecord> _names = new();
    private readonly NativeList<uint> _childTypes = new();
    private ulong _inode;
    private InodeType _type;

    /// <summary>Takes an item of the first walk.</summary>
    public void Collect(in TreeItem item)
    {
        if (item.Key.High != _inode)
        {
            _inode = item.Key.High;
            _type = InodeType.Unknown;
        }

        switch (item.Key.Type())
        {
            case ItemType.Inode when InodeItem.TryRead(item.Value, out InodeItem inode):
                _type = inode.Type;
                break;
            case ItemType.Reference when RefItem.TryRead(item.Value, out RefItem reference):
                _ledger.Collect(new NameRecord(_inode, reference.Parent.Value, reference.DentrySub, (uint)_type, NameRecord.FromInode), _names);
                break;
            case ItemType.Dentry when DentryItem.TryRead(item.Value, out DentryItem dentry):
                _ledger.Collect(new NameRecord(dentry.Child.Value, _inode, item.Key.Sub(), (uint)dentry.Type, NameRecord.FromDirectory), _names);
                break;
            default:
                break;
        }
    }

    /// <summary>Drops the names on which both sides agree.</summary>
    public void EndCollect()
    {
        Span<NameRecord> names = _names.Span;
        names.Sort();
        int kept = 0;
        for (int index = 0; index < names.Length; index++)
        {
            bool isPair = index + 1 < names.Length && names[index].IsSameName(names[index + 1])
                && names[index].Side != names[index + 1].Side && names[index].Type == names[index + 1].Type;
            if (isPair)
            {
                index++;
            }
            else
            {
                names[kept++] = names[index];
            }
        }

        _names.Truncate(kept);
        for (int index = 0; index < kept; index++)
        {
            _childTypes.Add(0);
        }
    }

    /// <summary>Takes an item of the second walk: which of the inodes named exist.</summary>
    public void Resolve(in TreeItem item)
    {
        if (item.Key.Type() != ItemType.Inode)
        {
            return;
        }

        int index = _names.Span.BinarySearch(new NameRecord(item.Key.High, 0, 0, 0, 0));
        uint type = InodeItem.TryRead(item.Value, out InodeItem inode) ? (uint)inode.Type : BrokenType;
        for (index = index < 0 ? ~index : index; index < _names.Count && _names[index].Child == item.Key.High; index++)
        {
            _childTypes[index] = type;
        }
    }

    /// <summary>Says what is wrong.</summary>
    public void Report()
    {
        for (int index = 0; index < _names.Count; index++)
        {
            NameRecord name = _names[index];
            bool hasOther = index + 1 < _names.Count && name.IsSameName(_names[index + 1]) && name.Side != _names[index + 1].Side;
            var child = new InodeNumber(name.Child);
            var parent = new InodeNumber(name.Parent);
            TreeKey key = FileKey.Of(parent, ItemType.Dentry, name.Sub);
            if (name.Side == NameRecord.FromInode)
            {
                _findings.Add(VolumeFindingKind.DanglingReference, $"{child} believes in a name in {parent}, {key}, which is not there", child, key: key);
                continue;
            }

            ReportDentry(name, hasOther, _childTypes[index], key);
            index += hasOther ? 1 : 0;
        }
    }

    public void Dispose()
    {
        _names.Dispose();
        _childTypes.Dispose();
    }

    private void ReportDentry(in NameRecord name, bool hasReference, uint childType, TreeKey key)
    {
        var child = new InodeNumber(name.Child);
        var parent = new InodeNumber(name.Parent);
        if (childType == 0)
        {
            _findings.Add(VolumeFindingKind.DentryWithoutInode, $"a name in {parent}, {key}, is that of {child}, which does not exist", child, key: key);
            return;
        }

        if (childType != BrokenType && childType != name.Type)
        {
            _findings.Add(
                VolumeFindingKind.WrongType, $"a name in {parent}, {key}, says that {child} is a {(InodeType)name.Type}, which is a {(InodeType)childType}", child, key: key);
        }

        if (!hasReference)
        {
            _findings.Add(VolumeFindingKind.MissingReference, $"a name in {parent}, {key}, is that of {child}, which does not know of it", child, key: key);
        }
    }
}
