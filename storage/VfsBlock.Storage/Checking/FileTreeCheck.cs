namespace VfsBlock.Storage;

/// <summary>
/// Checks the items of a file tree as they come by in key order: an inode's items follow each other, so what one inode says of itself is compared in place; what two
/// say of each other goes to <see cref="NameLedger"/> and <see cref="DirectoryGraph"/>.
/// </summary>
/// <remarks>Owns the graph, the shared extents and lists of the inode at hand and of the orphans. One thread.</remarks>
internal sealed partial class FileTreeCheck : IDisposable
{
    private readonly FindingList _findings;
    private readonly VolumeState _state;
    private readonly ulong _generation;
    private readonly ulong _hashMask;
    private readonly NameLedger _ledger;
    private readonly DirectoryGraph _directories;
    private readonly NativeList<ulong> _orphans = new();
    private int _nextOrphan;
    private InodeNumber _number;
    private bool _exists;
    private InodeNumber _highest;
    private bool _isKnown;
    private bool _hasAnyItem;
    private InodeItem _inode;

    public FileTreeCheck(in VolumeState state, ulong generation, BlockOwners owners, SharedExtentCheck shared, DataVerifier? verifier, FindingList findings, ulong hashMask)
    {
        _state = state;
        _generation = generation;
        _owners = owners;
        _shared = shared;
        _verifier = verifier;
        _findings = findings;
        _hashMask = hashMask;
        _ledger = new NameLedger();
        _directories = new DirectoryGraph(findings);
    }

    public long InodeCount { get; private set; }

    public long NameCount { get; private set; }

    public long OrphanCount => _orphans.Count;

    /// <summary>Names as both sides tell them.</summary>
    public NameLedger Ledger => _ledger;

    /// <summary>Takes the next item.</summary>
    public void Visit(in TreeItem item)
    {
        InodeNumber inode = item.Key.Inode();
        if (inode.IsNone)
        {
            VisitOrphan(item);
            return;
        }

        if (inode != _number || !_hasAnyItem)
        {
            Finish();
            Begin(inode);
        }

        switch (item.Key.Type())
        {
            case ItemType.Inode:
                VisitInode(item);
                break;
            case ItemType.Inline:
                VisitInline(item);
                break;
            case ItemType.Reference:
                VisitReference(item);
                break;
            case ItemType.Xattr:
                VisitXattr(item);
                break;
            case ItemType.Dentry:
                VisitDentry(item);
                break;
            case ItemType.Extent:
                VisitExtent(item);
                break;
            case ItemType.XattrData:
                VisitXattrData(item);
                break;
            default:
                Report(VolumeFindingKind.Item, item.Key, $"{_number} has an item of type {(int)item.Key.Type()}, which there is not");
                break;
        }
    }

    /// <summary>Says that there are no more items, and judges what only the whole tells.</summary>
    /// <param name="isComplete">False if a part of the tree could not be read: then nothing is missing that may be there.</param>
    public void End(bool isComplete)
    {
        Finish();
        SkipOrphansBefore(ulong.MaxValue);
        if (_state.FileTree.IsNone || (!_hasRoot && isComplete))
        {
            _findings.Add(VolumeFindingKind.RootDirectory, $"there is no root directory", InodeNumber.Root);
        }

        if (_highest >= _state.NextInode)
        {
            _findings.Add(VolumeFindingKind.Counter, $"{_highest} exists, and the next new one is to be {_state.NextInode}", _highest);
        }

        if (isComplete)
        {
            _directories.Check();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _directories.Dispose();
        _orphans.Dispose();
        _xattrs.Dispose();
    }

    private bool _hasRoot;

    private void VisitOrphan(in TreeItem item)
    {
        ulong number = item.Key.Sub();
        if (item.Key.Type() != ItemType.Orphan || item.Value.Length != OrphanItem.EncodedBytes || number == 0)
        {
            Report(VolumeFindingKind.Item, item.Key, $"the orphan list has an item {item.Key} that is none");
            return;
        }

        _orphans.Add(number);
    }

    private void Begin(InodeNumber number)
    {
        _number = number;
        _hasAnyItem = true;
        _exists = false;
        _isKnown = false;
        _inode = default;
        BeginNames();
        BeginXattrs();
        BeginData();
    }

    private void VisitInode(in TreeItem item)
    {
        _exists = true;
        if (item.Key.Sub() != 0 || _number.Value > FileKey.MaxSub || !InodeItem.TryRead(item.Value, out _inode))
        {
            Report(VolumeFindingKind.Item, item.Key, $"the attributes of {_number} make no sense");
            return;
        }

        _isKnown = true;
        InodeCount++;
        _highest = _number;
    }

    private void Finish()
    {
        if (!_hasAnyItem)
        {
            return;
        }

        _hasAnyItem = false;
        if (!_exists)
        {
            _findings.Add(VolumeFindingKind.LostItems, $"there are items of {_number}, which does not exist", _number);
        }

        if (!_isKnown)
        {
            return;
        }

        if (_number == InodeNumber.Root)
        {
            _hasRoot = _inode.IsDirectory && _inode.LinkCount > 0;
        }

        FinishOrphan();
        FinishNames();
        if (_inode.LinkCount > 0)
        {
            FinishXattrs();
            FinishData();
        }
    }

    private void FinishOrphan()
    {
        SkipOrphansBefore(_number.Value);
        bool isListed = _nextOrphan < _orphans.Count && _orphans[_nextOrphan] == _number.Value;
        _nextOrphan += isListed ? 1 : 0;
        if (isListed && _inode.LinkCount > 0)
        {
            _findings.Add(VolumeFindingKind.OrphanExtra, $"the orphan list names {_number}, which has {_inode.LinkCount} links", _number);
        }
        else if (!isListed && _inode.LinkCount == 0)
        {
            _findings.Add(VolumeFindingKind.OrphanMissing, $"{_number} has no links, and the orphan list does not name it", _number);
        }
    }

    private void SkipOrphansBefore(ulong number)
    {
        for (; _nextOrphan < _orphans.Count && _orphans[_nextOrphan] < number; _nextOrphan++)
        {
            var orphan = new InodeNumber(_orphans[_nextOrphan]);
            _findings.Add(VolumeFindingKind.OrphanExtra, $"the orphan list names {orphan}, which does not exist", orphan);
        }
    }

    private void Report(VolumeFindingKind kind, TreeKey key, FormattableString text) => _findings.Add(kind, text, _number, key: key);

    private void RequireType(in TreeItem item, bool isRight)
    {
        if (_isKnown && !isRight)
        {
            Report(VolumeFindingKind.ForeignItem, item.Key, $"{_number} is a {_inode.Type} and has an item {item.Key.Type()}");
        }
    }
}
