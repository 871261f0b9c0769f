using System.Globalization;

namespace VfsBlock.Storage;

/// <summary>Takes findings, keeps so many and counts the rest, so that a ruined image does not become a ruined process.</summary>
/// <remarks>One thread.</remarks>
internal sealed class FindingList(int maxCount)
{
    private readonly List<VolumeFinding> _findings = [];

    public IReadOnlyList<VolumeFinding> Findings => _findings;

    /// <summary>Findings that were only counted.</summary>
    public long MoreCount { get; private set; }

    public void Add(VolumeFindingKind kind, FormattableString text, InodeNumber inode = default, BlockNumber block = default, TreeKey? key = null)
    {
        if (TakesMore())
        {
            _findings.Add(new VolumeFinding(kind, text.ToString(CultureInfo.InvariantCulture)) { Inode = inode, Block = block, Key = key });
        }
    }

    public void Add(BlockFileFinding structure)
    {
        if (TakesMore())
        {
            _findings.Add(new VolumeFinding(VolumeFindingKind.Structure, structure.Text) { Structure = structure });
        }
    }

    public void Add(in TreeFinding node)
    {
        if (TakesMore())
        {
            _findings.Add(new VolumeFinding(VolumeFindingKind.Node, node.ToString()) { Node = node, Block = node.Node.Block });
        }
    }

    private bool TakesMore()
    {
        if (_findings.Count < maxCount)
        {
            return true;
        }

        MoreCount++;
        return false;
    }
}
