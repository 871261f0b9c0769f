using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VfsBlock.Tool;

/// <content>How it is printed.</content>
internal sealed partial record ImageInfo
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    private string State => (IsInUse, Summary.LogUsedBytes) switch
    {
        (true, _) => MountPoints.Count > 0 ? $"mounted on {string.Join(" and ", MountPoints)}" : "in use by another program",
        (_, 0) => "closed",
        _ => "not closed: the next mount replays its log",
    };

    private string Features => Summary is { CompatFeatures: 0, ReadOnlyCompatFeatures: 0, IncompatFeatures: 0 }
        ? "none beyond the version"
        : string.Create(CultureInfo.InvariantCulture, $"compatible {Summary.CompatFeatures:x}, to read {Summary.ReadOnlyCompatFeatures:x}, needed {Summary.IncompatFeatures:x}");

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        Line("image", Image);
        Line("state", State + (Summary.IsDamaged ? "; damage was found in it" : ""));
        Line("label", Summary.Label.Length == 0 ? "(none)" : Summary.Label);
        Line("uuid", $"{Summary.Id}");
        Line("format", $"version {Summary.FormatVersion}; features: {Features}");
        Line("made", Time(Summary.Created));
        Line("last commit", $"{Time(Summary.Committed)}, generation {Summary.Generation}");
        Line("size limit", Summary.SizeLimitBytes == 0 ? "none but the disk's" : Size(Summary.SizeLimitBytes));
        Line("size now", $"{Size(Summary.SizeBytes)}, of which {ByteCount.Show(FileBytes)} on the disk");
        Line("used", Size(UsedBytes));
        Line("free", Size(FreeBytes));
        Line("inodes", InodeCount.ToString(CultureInfo.InvariantCulture));
        Line("log", $"{ByteCount.Show(Summary.LogBytes)}, {(LogUsedBytes is { } used ? $"{used * 100 / Summary.LogBytes}% to replay" : "in use")}");
        return text.ToString().TrimEnd();

        void Line(string name, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"{name + ":",-13}{value}");
    }

    /// <summary>For programs: fields are added, never changed or taken away.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            image = Image,
            label = Summary.Label,
            uuid = Summary.Id,
            formatVersion = Summary.FormatVersion,
            compatFeatures = Summary.CompatFeatures,
            readOnlyCompatFeatures = Summary.ReadOnlyCompatFeatures,
            incompatFeatures = Summary.IncompatFeatures,
            created = Summary.Created.UtcDateTime,
            committed = Summary.Committed.UtcDateTime,
            generation = Summary.Generation,
            blockSizeBytes = Summary.BlockSizeBytes,
            sizeLimitBytes = Summary.SizeLimitBytes,
            sizeBytes = Summary.SizeBytes,
            fileBytes = FileBytes,
            usedBytes = UsedBytes,
            freeBytes = FreeBytes,
            inodes = InodeCount,
            logBytes = Summary.LogBytes,
            logUsedBytes = LogUsedBytes,
            isInUse = IsInUse,
            isClosed = !IsInUse && Summary.LogUsedBytes == 0,
            isDamaged = Summary.IsDamaged,
            mountPoints = MountPoints,
        },
        _indented);

    private static string Size(ulong bytes) => string.Create(CultureInfo.InvariantCulture, $"{ByteCount.Show((long)Math.Min(bytes, long.MaxValue))} ({bytes} bytes)");

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
