using System.Globalization;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;
using static System.Buffers.Binary.BinaryPrimitives;

namespace VfsBlock.Storage.Tests.Format;

/// <summary>
/// The image of docs/FORMAT.md section 5: a file in the tree, another in the log, everything that is random otherwise fixed. Made anew each time, and always the same.
/// </summary>
internal sealed class ExampleImage
{
    public const string Greeting = "Hello, block!\n";

    private const int PageBytes = 4096;
    private const int RootBytes = 8192;
    private const int NodeBytes = 16384;
    private const int RingOffsetBytes = 65536;

    private ExampleImage(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    public static byte[] Numbers { get; } = [.. Enumerable.Range(0, 5000).Select(index => (byte)('0' + (index % 10)))];

    private int RootOffsetBytes => RingOffsetBytes + (Enumerable.Range(0, 16).MaxBy(slot => U64(RingOffsetBytes + (slot * RootBytes) + 32)) * RootBytes);

    private int ControlOffsetBytes => RootOffsetBytes + 4096;

    private int NodeOffsetBytes => (int)U64(ControlOffsetBytes + 64) * PageBytes;

    private int BatchOffsetBytes => ((int)U64(ControlOffsetBytes + 88) + (int)ReadUInt32LittleEndian(Bytes.AsSpan(ControlOffsetBytes + 100))) * PageBytes;

    private int BatchBytes => (int)ReadUInt32LittleEndian(Bytes.AsSpan(BatchOffsetBytes + 36)) * PageBytes;

    public static ExampleImage Make()
    {
        var clock = new ManualClock();
        using var device = new MemoryDevice(0);
        Volume.Format(device, new VolumeFormat
        {
            Label = "example",
            LogBytes = VolumeFormat.MinLogBytes,
            SizeLimitBytes = 64 << 20,
            Owner = new Credentials(1000, 100),
            Clock = clock,
            Id = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
            HashKey = new HashKey(0x0706050403020100, 0x0F0E0D0C0B0A0908),
        });
        var options = new VolumeOptions { Clock = clock, File = new BlockFileOptions { OwnerId = new Guid("f0e0d0c0-b0a0-9080-7060-504030201000") } };
        Volume volume = Volume.Open(new LentDevice(device), options);
        clock.Advance();
        Write(volume, "hello.txt", Encoding.ASCII.GetBytes(Greeting));
        Assert.Equal(Errno.None, volume.Checkpoint());
        clock.Advance();
        Write(volume, "numbers", Numbers);
        Assert.Equal(Errno.None, volume.Sync());

        // As a crash leaves it: closing would empty the log.
        volume.Image.Dispose();
        byte[] bytes = new byte[device.SizeBytes];
        Assert.Equal(IoResult.Ok(bytes.Length), device.Read(bytes, 0));
        return new ExampleImage(bytes);
    }

    /// <summary>The bytes of a part, 16 a line; lines of zeros only are left out, and a star stands for them.</summary>
    public string Dump(string part) => part switch
    {
        "superblock" => Dump(0, PageBytes),
        "root" => Dump(RootOffsetBytes, RootBytes),
        "node" => Dump(NodeOffsetBytes, NodeBytes),
        "batch" => Dump(BatchOffsetBytes, BatchBytes),
        _ => throw new ArgumentException($"the example has no part {part}", nameof(part)),
    };

    public byte[] Read(long offsetBytes, int lengthBytes) => Bytes[(int)offsetBytes..((int)offsetBytes + lengthBytes)];

    private static void Write(Volume volume, string name, byte[] bytes)
    {
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Encoding.ASCII.GetBytes(name), 0x1A4, new Credentials(1000, 100), out InodeEntry entry));
        Assert.Equal(IoResult.Ok(bytes.Length), volume.Write(entry.Number, 0, bytes));
    }

    private string Dump(int offsetBytes, int lengthBytes)
    {
        const int LineBytes = 16;
        var text = new StringBuilder();
        bool isSkipping = false;
        for (int at = offsetBytes; at < offsetBytes + lengthBytes; at += LineBytes)
        {
            ReadOnlySpan<byte> line = Bytes.AsSpan(at, LineBytes);
            bool isZero = !line.ContainsAnyExcept((byte)0);
            if (!isZero || !isSkipping)
            {
                text.Append(isZero ? "*\n" : Line(at, line));
            }

            isSkipping = isZero;
        }

        return text.ToString();
    }

    private static string Line(int offset, ReadOnlySpan<byte> bytes)
    {
        string hex = string.Join(' ', bytes.ToArray().Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
        string ascii = string.Concat(bytes.ToArray().Select(value => value is >= 0x20 and < 0x7F ? (char)value : '.'));
        return string.Create(CultureInfo.InvariantCulture, $"{offset:x8}  {hex}  |{ascii}|\n");
    }

    private ulong U64(int offset) => ReadUInt64LittleEndian(Bytes.AsSpan(offset));
}
