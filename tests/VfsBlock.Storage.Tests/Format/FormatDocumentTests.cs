using System.Text;
using System.Text.RegularExpressions;
using FormatReading;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.Storage.Tests.Checking;
using Xunit;

namespace VfsBlock.Storage.Tests.Format;

/// <summary>Holds docs/FORMAT.md against the program: its dump, byte for byte, and a reader that was written from it alone.</summary>
public sealed partial class FormatDocumentTests
{
    [Theory]
    [InlineData("superblock")]
    [InlineData("root")]
    [InlineData("node")]
    [InlineData("batch")]
    public void Dump_OfTheExample_IsWhatTheDocumentShows(string part)
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "FORMAT.md"));
        string shown = DumpFence().Matches(document).Single(match => match.Groups[1].Value == part).Groups[2].Value;
        string actual = ExampleImage.Make().Dump(part);
        Assert.True(shown == actual, $"docs/FORMAT.md section 5 should show:\n{actual}");
    }

    [Fact]
    public void Reader_OfTheExample_FindsTheFileInTheTreeAndTheOneInTheLog()
    {
        var image = new FormatImage(ExampleImage.Make().Read);
        Assert.Equal("example", image.Superblock.Label);
        Assert.Equal(1U, image.Root.State);
        Assert.Equal(1, image.BatchCount);
        Assert.Equal(["/", "/hello.txt", "/numbers"], image.Files.Keys);
        Assert.Equal(ExampleImage.Greeting, Encoding.ASCII.GetString(image.Files["/hello.txt"].Content));
        Assert.Equal(ExampleImage.Numbers, image.Files["/numbers"].Content);
        Assert.Equal(0x81A4U, image.Files["/numbers"].Mode);
        Assert.Equal(2U, image.Files["/"].LinkCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reader_OfAVolumeWithSomethingOfEverything_FindsWhatTheVolumeHas(bool isClosed)
    {
        SampleVolume sample = isClosed ? SampleVolume.Closed : SampleVolume.Crashed;
        using OverlayDevice device = sample.Copy();
        var image = new FormatImage((offset, length) => Read(device, offset, length));
        Assert.Equal(isClosed ? 0 : 4, image.BatchCount);
        using Volume volume = Volume.Open(new LentDevice(device));
        var files = new Dictionary<string, FormatFile>(image.Files);
        Compare(volume, InodeNumber.Root, "/", files);
        Assert.Empty(files.Keys);
    }

    [Fact]
    public void Reader_OfAnImageWithOneWrongByte_Refuses()
    {
        ExampleImage example = ExampleImage.Make();
        var random = new Random(1);
        int refusedCount = 0;
        int[] used = [.. Enumerable.Range(0, example.Bytes.Length).Where(offset => example.Bytes[offset] != 0)];
        for (int round = 0; round < 100; round++)
        {
            int offset = used[random.Next(used.Length)];
            example.Bytes[offset] ^= 0x10;
            refusedCount += Record.Exception(() => Show(new FormatImage(example.Read))) is FormatReadException ? 1 : 0;
            example.Bytes[offset] ^= 0x10;
        }

        // What else is used: the copy of the superblock, older root records, nodes and bitmaps that no root names any more.
        Assert.True(refusedCount > 20, $"only {refusedCount} of 100 wrong bytes were seen");
    }

    // A wrong byte in the log is where the log ends: then the file that it holds is missing.
    private static void Show(FormatImage image)
    {
        if (image.Files.Count != 3)
        {
            throw new FormatReadException("a file is missing");
        }
    }

    private static void Compare(Volume volume, InodeNumber number, string path, Dictionary<string, FormatFile> files)
    {
        Assert.True(files.Remove(path, out FormatFile? file), $"{path} was not found");
        Assert.Equal(Errno.None, volume.GetAttributes(number, out InodeItem attributes));
        Assert.Equal((number.Value, attributes.Mode, attributes.LinkCount, attributes.ModifyTime.Seconds), (file.Number, file.Mode, file.LinkCount, file.ModifySeconds));
        if (attributes.Type == InodeType.Regular)
        {
            byte[] bytes = new byte[attributes.SizeBytes];
            Assert.Equal(IoResult.Ok(bytes.Length), volume.Read(number, 0, bytes));
            Assert.Equal(bytes, file.Content);
        }
        else if (attributes.Type == InodeType.SymbolicLink)
        {
            byte[] target = new byte[attributes.SizeBytes];
            Assert.Equal(Errno.None, volume.ReadLink(number, target, out _));
            Assert.Equal(target, file.Content);
        }

        foreach ((string name, byte[] value) in file.Xattrs)
        {
            byte[] buffer = new byte[VolumeLimits.MaxXattrBytes];
            Assert.Equal(Errno.None, volume.GetXattr(number, ModelVolume.Bytes(name), buffer, out int valueBytes));
            Assert.Equal(buffer[..valueBytes], value);
        }

        Assert.Equal(Errno.None, volume.ListXattrs(number, default, out int listBytes));
        Assert.Equal(file.Xattrs.Keys.Sum(name => name.Length + 1), listBytes);
        foreach (ListedEntry entry in attributes.IsDirectory ? VolumeListing.ReadAll(volume, number).Skip(2) : [])
        {
            Compare(volume, entry.Number, $"{path.TrimEnd('/')}/{entry.Name}", files);
        }
    }

    private static byte[] Read(OverlayDevice device, long offsetBytes, int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        Assert.Equal(IoResult.Ok(lengthBytes), device.Read(bytes, offsetBytes));
        return bytes;
    }

    private static string RepositoryRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "VfsBlock.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("the tests do not lie in the project");
    }

    [GeneratedRegex("^```dump (.+)\n((?:.*\n)*?)```$", RegexOptions.Multiline)]
    private static partial Regex DumpFence();
}
