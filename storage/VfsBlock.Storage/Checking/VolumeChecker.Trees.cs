namespace VfsBlock.Storage;

/// <content>The trees, and what follows from them.</content>
public sealed partial class VolumeChecker
{
    private const int ProgressStep = 256;

    private void CheckTrees(ImageOpener image, in VolumeControl control, BlockOwners owners)
    {
        ulong logBlocks = (ulong)owners.ClaimedCount;
        int stepCount = 0;
        long totalBlocks = (long)Math.Min(image.Root.SizeBlocks - image.Root.FreeBlocks, long.MaxValue);
        var host = new CheckHost(_device, owners, _findings, () =>
        {
            if (stepCount++ % ProgressStep == 0)
            {
                _options.Progress?.Invoke(Math.Min(owners.ClaimedCount, totalBlocks), totalBlocks);
            }
        });
        using var trees = new TreeChecker(host, NodeImageId(image));
        using var shared = new SharedExtentCheck(owners, _findings);
        using DataVerifier? verifier = _options.VerifiesData ? new DataVerifier(_device, _findings) : null;
        using var files = new FileTreeCheck(control.State, image.Root.Generation, owners, shared, verifier, _findings, _options.HashMask);

        ulong generation = image.Root.Generation;
        Walk(host, trees, VolumeState.SystemTreeId, control.State.SystemTree, generation, VisitSystemItem);
        Walk(host, trees, VolumeState.SharedExtentTreeId, control.State.SharedExtentTree, generation, (in TreeItem item) => shared.AddRun(item, generation));
        Walk(host, trees, VolumeState.FileTreeId, control.State.FileTree, generation, files.Visit);
        bool isComplete = trees.FindingCount == 0;
        shared.Check();
        files.End(isComplete);
        if (!files.Ledger.IsBalanced && isComplete)
        {
            CompareNames(image, control, files.Ledger);
        }

        long dataBlocks = owners.ClaimedCount - (long)logBlocks - host.ClaimedBlockCount;
        if (isComplete)
        {
            CheckCounter("inodes", control.State.InodeCount, files.InodeCount);
            CheckCounter("blocks of data", control.State.DataBlockCount, dataBlocks);
        }

        using (var bitmaps = new BitmapComparison(_device, image, owners, _findings))
        {
            bitmaps.Compare(isComplete);
        }

        _options.Progress?.Invoke(totalBlocks, totalBlocks);
        _report = _report with
        {
            NodeCount = trees.NodeCount,
            InodeCount = files.InodeCount,
            NameCount = files.NameCount,
            OrphanCount = files.OrphanCount,
            DataBlockCount = dataBlocks,
            VerifiedBlockCount = verifier?.BlockCount ?? 0,
        };
    }

    private void Walk(CheckHost host, TreeChecker trees, uint treeId, in NodePointer root, ulong generation, CheckHost.ItemVisitor visitor)
    {
        if (root.Generation > generation)
        {
            _findings.Add(VolumeFindingKind.Generation, $"the root of tree {treeId} is of generation {root.Generation}, which is to come after {generation}", block: root.Block);
        }

        host.Visitor = visitor;
        trees.Check(treeId, root);
    }

    private void VisitSystemItem(in TreeItem item) =>
        _findings.Add(VolumeFindingKind.Item, $"the system tree has an item {item.Key}, and version 1 has none there", key: item.Key);

    private void CheckCounter(string what, ulong recorded, long counted)
    {
        if (recorded != (ulong)counted)
        {
            _findings.Add(VolumeFindingKind.Counter, $"the volume's record counts {recorded} {what}, there are {counted}");
        }
    }

    // Which names differ; twice over the tree, which only a damaged image costs.
    private void CompareNames(ImageOpener image, in VolumeControl control, NameLedger ledger)
    {
        using var names = new NameComparison(ledger, _findings);
        WalkAgain(image, control, names.Collect);
        names.EndCollect();
        WalkAgain(image, control, names.Resolve);
        names.Report();
    }

    private void WalkAgain(ImageOpener image, in VolumeControl control, CheckHost.ItemVisitor visitor)
    {
        using var nodes = new BlockOwners(image.Layout, image.Root.SizeBlocks);
        var host = new CheckHost(_device, nodes, findings: null, advance: null) { Visitor = visitor };
        using var trees = new TreeChecker(host, NodeImageId(image));
        trees.Check(VolumeState.FileTreeId, control.State.FileTree);
    }
}
