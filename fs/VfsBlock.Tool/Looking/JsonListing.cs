using System.Globalization;
using System.Text.Json;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>A listing as a JSON array. A name that is no UTF-8 has its bytes in base 64 beside what can be shown of it.</summary>
internal sealed class JsonListing : IListingPrinter
{
    private readonly Volume _volume;
    private readonly Stream _output;
    private readonly Utf8JsonWriter _writer;

    /// <summary>Begins the array.</summary>
    public JsonListing(Volume volume, Stream output)
    {
        (_volume, _output) = (volume, output);
        _writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        _writer.WriteStartArray();
    }

    /// <inheritdoc/>
    public void Print(ReadOnlySpan<byte> path, in InodeEntry entry)
    {
        InodeItem inode = entry.Attributes;
        _writer.WriteStartObject();
        WriteBytes("path", path);
        _writer.WriteString("type", ModeText.TypeOf(inode));
        _writer.WriteString("mode", Convert.ToString(inode.Mode & 0xFFF, 8).PadLeft(4, '0'));
        _writer.WriteNumber("inode", entry.Number.Value);
        _writer.WriteNumber("links", inode.LinkCount);
        _writer.WriteNumber("uid", inode.UserId);
        _writer.WriteNumber("gid", inode.GroupId);
        _writer.WriteNumber("size", inode.SizeBytes);
        _writer.WriteNumber("blocks", inode.BlockCount);
        _writer.WriteString("mtime", inode.ModifyTime.ToString());
        _writer.WriteString("atime", inode.AccessTime.ToString());
        _writer.WriteString("ctime", inode.ChangeTime.ToString());
        _writer.WriteString("birthtime", inode.BirthTime.ToString());
        if (inode.Type is InodeType.CharacterDevice or InodeType.BlockDevice)
        {
            _writer.WriteString("device", string.Create(CultureInfo.InvariantCulture, $"{ModeText.Major(inode.Device)}:{ModeText.Minor(inode.Device)}"));
        }

        if (inode.Type == InodeType.SymbolicLink && VolumeDirectory.ReadLink(_volume, entry.Number, out byte[] target) == Errno.None)
        {
            WriteBytes("target", target);
        }

        _writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.WriteEndArray();
        _writer.Dispose();
        _output.WriteByte((byte)'\n');
        _output.Flush();
    }

    private void WriteBytes(string name, ReadOnlySpan<byte> bytes)
    {
        if (ByteText.IsUtf8(bytes))
        {
            _writer.WriteString(name, bytes);
            return;
        }

        _writer.WriteString(name, ByteText.Show(bytes));
        _writer.WriteBase64String($"{name}Base64", bytes);
    }
}
