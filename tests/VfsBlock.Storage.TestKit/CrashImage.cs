using System.Globalization;

namespace VfsBlock.Storage.TestKit;

/// <summary>What the disk may hold after a power cut. Good until the next image is asked for.</summary>
public sealed class CrashImage
{
    private readonly PageStore _store;
    private readonly SimDiskOptions _diskOptions;
    private readonly IReadOnlyList<SimEvent> _changes;
    private readonly CrashPlan _plan;

    internal CrashImage(PageStore store, SimDiskOptions diskOptions, IReadOnlyList<SimEvent> changes, CrashPlan plan, int position)
    {
        _store = store;
        _diskOptions = diskOptions;
        _changes = changes;
        _plan = plan;
        Position = position;
    }

    /// <summary>
    /// The latest moment at which the power may have gone, as a <see cref="SimDisk.Position"/>: what was acknowledged at a position up to
    /// this one must be in the image.
    /// </summary>
    public int Position { get; }

    /// <summary>
    /// A disk that holds the image. Its writes stay its own, and are recorded: crash images of it show a power cut during recovery. Using it
    /// after the next image was asked for throws.
    /// </summary>
    public SimDisk Open() => new(_store, _diskOptions);

    /// <summary>Which changes since the last flush are there, and what was torn: enough to find the image again.</summary>
    public override string ToString()
    {
        IEnumerable<string> kept = _changes.Where((_, index) => _plan.Keeps(index)).Select(change => change.ToString());
        string torn = _plan.Tear is { } tear
            ? string.Create(CultureInfo.InvariantCulture, $"; torn: {_changes[tear.Index]} at byte {tear.CutBytes}, {(tear.KeepsHead ? "head" : "tail")} kept, rest {tear.Fill}")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"power cut before event {Position}; of {_changes.Count} changes since the last flush are there: [{string.Join(", ", kept)}]{torn}");
    }
}
