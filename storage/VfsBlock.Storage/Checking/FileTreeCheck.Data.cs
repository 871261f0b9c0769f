namespace VfsBlock.Storage;

/// <content>What files hold: bytes in their own items, and extents.</content>
internal sealed partial class FileTreeCheck
{
    private readonly BlockOwners _owners;
    private readonly SharedExtentCheck _shared;
    private readonly DataVerifier? _verifier;
    private long _inlineBytes;
    private int _inlineCount;
    private ulong _extentEnd;
    private ulong _blockCount;

    private void BeginData()
    {
        _inlineBytes = 0;
        _inlineCount = 0;
        _extentEnd = 0;
        _blockCount = 0;
    }

    private void VisitInline(in TreeItem item)
    {
        bool isLink = _inode.Type == InodeType.SymbolicLink;
        RequireType(item, isLink || _inode.Type == InodeType.Regular);
        bool isExpected = item.Key.Sub() == (ulong)_inlineCount && _inlineCount < (isLink ? 2 : 1);
        bool followsFull = _inlineBytes == (long)_inlineCount * InlineItem.MaxBytes;
        if (_isKnown && (!isExpected || !followsFull || item.Value.Length is 0 or > InlineItem.MaxBytes))
        {
            Report(VolumeFindingKind.InlineLength, item.Key, $"bytes {item.Key.Sub()} of {_number} are not what belongs there: {item.Value.Length} bytes");
        }

        _inlineCount++;
        _inlineBytes += item.Value.Length;
    }

    private void VisitExtent(in TreeItem item)
    {
        RequireType(item, _inode.Type == InodeType.Regular);
        if (!ExtentItem.TryRead(item.Value, out ExtentItem extent))
        {
            Report(VolumeFindingKind.Item, item.Key, $"an extent of {_number} makes no sense");
            return;
        }

        ulong first = item.Key.Sub();
        ulong count = (ulong)extent.BlockCount;
        if (first < _extentEnd || first + count > ExtentMap.EndBlock)
        {
            Report(VolumeFindingKind.ExtentOrder, item.Key, $"the extent over blocks {first} to {first + count - 1} of {_number} overlaps another, or lies behind any file's end");
        }

        if (extent.Generation > _generation)
        {
            Report(VolumeFindingKind.Generation, item.Key, $"the extent at block {first} of {_number} is of generation {extent.Generation}, which is to come");
        }

        _extentEnd = Math.Max(_extentEnd, first + count);
        _blockCount += count;
        if (TryClaim(item.Key, first, extent) && !extent.IsUnwritten)
        {
            _verifier?.Verify(_number, first, extent, _isKnown ? _inode.SizeBytes : ulong.MaxValue);
        }
    }

    private bool TryClaim(TreeKey key, ulong first, scoped in ExtentItem extent)
    {
        ulong block = extent.Block.Value;
        bool mayBeShared = (extent.Flags & ExtentFlags.MayBeShared) != 0;
        ClaimResult result = mayBeShared ? _owners.Probe(block, extent.BlockCount) : _owners.Claim(block, extent.BlockCount);
        if (result == ClaimResult.Outside)
        {
            _findings.Add(
                VolumeFindingKind.OutsideImage, $"block {first} of {_number} is to lie in {extent.BlockCount} blocks at block {block}, outside the image", _number, extent.Block, key);
            return false;
        }

        if (mayBeShared)
        {
            _shared.AddExtent(block, extent.BlockCount);
        }
        else if (result == ClaimResult.Taken)
        {
            _findings.Add(
                VolumeFindingKind.DoubleUse, $"block {first} of {_number} lies in {extent.BlockCount} blocks at block {block}, which belong to somebody else", _number, extent.Block, key);
        }

        return true;
    }

    private void FinishData()
    {
        if (_blockCount != _inode.BlockCount)
        {
            _findings.Add(VolumeFindingKind.BlockCount, $"{_number} counts {_inode.BlockCount} blocks, its extents have {_blockCount}", _number);
        }

        bool mustBeInline = _inode.Type == InodeType.SymbolicLink || _inlineCount > 0;
        if (mustBeInline && (ulong)_inlineBytes != _inode.SizeBytes)
        {
            _findings.Add(VolumeFindingKind.InlineLength, $"{_number} has {_inode.SizeBytes} bytes by its size, and {_inlineBytes} in its items", _number);
        }

        if (_inlineCount > 0 && _blockCount > 0)
        {
            _findings.Add(VolumeFindingKind.InlineLength, $"{_number} has its bytes in its own item, and {_blockCount} blocks besides", _number);
        }
    }
}
