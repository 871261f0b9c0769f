using System.Globalization;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>A listing as of ls -la. Names are written as their bytes; only to a terminal, which they could drive mad, control characters become question marks.</summary>
internal sealed class LongListing(Volume volume, Stream output) : IListingPrinter
{
    // DateTimeOffset.UnixEpoch plus more does not fit years of four digits.
    private const long EarliestSeconds = -62_135_596_800;
    private const long LatestSeconds = 253_402_300_799;

    private readonly bool _isTerminal = !Console.IsOutputRedirected;

    /// <inheritdoc/>
    public void Print(ReadOnlySpan<byte> path, in InodeEntry entry)
    {
        InodeItem inode = entry.Attributes;
        string size = inode.Type is InodeType.CharacterDevice or InodeType.BlockDevice
            ? string.Create(CultureInfo.InvariantCulture, $"{ModeText.Major(inode.Device)}, {ModeText.Minor(inode.Device)}")
            : inode.SizeBytes.ToString(CultureInfo.InvariantCulture);
        output.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{ModeText.Of(inode)} {inode.LinkCount,3} {inode.UserId,5} {inode.GroupId,5} {size,12} {TimeOf(inode.ModifyTime)} ")));
        WriteName(path);
        if (inode.Type == InodeType.SymbolicLink)
        {
            output.Write(" -> "u8);
            Errno error = VolumeDirectory.ReadLink(volume, entry.Number, out byte[] target);
            WriteName(error == Errno.None ? target : "?"u8);
        }

        output.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => output.Flush();

    private static string TimeOf(Timestamp time) => time.Seconds is < EarliestSeconds + 86_400 or > LatestSeconds - 86_400
        ? $"@{time.Seconds}".PadLeft(16)
        : DateTimeOffset.FromUnixTimeSeconds(time.Seconds).ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private void WriteName(ReadOnlySpan<byte> name)
    {
        if (_isTerminal)
        {
            output.Write(Encoding.UTF8.GetBytes(ByteText.Show(name)));
        }
        else
        {
            output.Write(name);
        }
    }
}
