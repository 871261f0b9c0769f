using System.Text;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Names of a directory, as bytes.</summary>
public sealed class HostDirectoryTests : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly HostDirectory _directory;

    public HostDirectoryTests() => _directory = HostDirectory.TryOpen(Encoding.UTF8.GetBytes(_temp.Path), out _)!;

    private static ReadOnlySpan<byte> Odd => [0xFF, (byte)'\n'];

    public void Dispose()
    {
        _directory.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void ReadNames_OfNamesThatAreNoText_GivesTheirBytesSorted()
    {
        Assert.Equal(Errno.None, _directory.MakeDirectory(Odd, 0x1ED));
        Assert.Equal(Errno.None, _directory.MakeNode("fifo"u8, 0x1000 | 0x180, 0));
        Assert.Equal(Errno.None, _directory.MakeSymbolicLink("a"u8, Odd));
        Assert.Equal(Errno.EEXIST, _directory.MakeDirectory(Odd, 0x1ED));
        Assert.Equal(Errno.None, _directory.ReadNames(out List<byte[]> names));
        Assert.Equal(new List<byte[]> { "a"u8.ToArray(), "fifo"u8.ToArray(), Odd.ToArray() }, names);
        Assert.Equal(Errno.None, _directory.ReadLink("a"u8, out byte[] target));
        Assert.Equal(Odd.ToArray(), target);
        Assert.Equal(Errno.None, _directory.RemoveDirectory(Odd));
        Assert.Equal(Errno.ENOENT, _directory.GetStatus(Odd, out _));
    }

    [Fact]
    public void GetStatus_AfterChanges_TellsThem()
    {
        Assert.Equal(Errno.None, _directory.MakeNode("f"u8, 0x8000 | 0x1A4, 0));
        Assert.Equal(Errno.None, _directory.SetMode("f"u8, 0x180));
        Assert.Equal(Errno.None, _directory.SetTimes("f"u8, new HostTime(5, 6), new HostTime(-7, 999_999_999)));
        Assert.Equal(Errno.None, _directory.Link(_directory, "f"u8, "g"u8));
        Assert.Equal(Errno.None, _directory.GetStatus("g"u8, out HostStatus status));
        Assert.Equal((0x8180U, 2U, new HostTime(5, 6), new HostTime(-7, 999_999_999)), (status.Mode, status.LinkCount, status.AccessTime, status.ModifyTime));
        Assert.Equal(Errno.None, _directory.GetStatus(default, out HostStatus own));
        Assert.Equal(own.FileSystem, status.FileSystem);
        Assert.NotEqual(own.Inode, status.Inode);
        Assert.Equal(Errno.None, _directory.Unlink("g"u8));
        Assert.Equal(Errno.None, _directory.SetOwner("f"u8, status.UserId, status.GroupId));
    }

    [Fact]
    public void TryOpen_ThroughASymbolicLink_IsRefused()
    {
        Directory.CreateDirectory(_temp.File("real"));
        _directory.MakeSymbolicLink("link"u8, "real"u8);
        Assert.Null(_directory.TryOpenDirectory("link"u8, out Errno error));
        Assert.Contains(error, new[] { Errno.ELOOP, Errno.ENOTDIR });
        Assert.Null(_directory.TryOpenFile("link"u8, OpenFlags.ReadOnly, 0, out error));
        Assert.Equal(Errno.ELOOP, error);
        using HostDirectory? real = _directory.TryOpenDirectory("real"u8, out error);
        Assert.NotNull(real);
    }

    [Fact]
    public void SetXattr_OnALinkOrAFile_IsListedAndRead()
    {
        _directory.MakeNode("f"u8, 0x8000 | 0x1A4, 0);
        Errno error = _directory.SetXattr("f"u8, "user.a"u8, [0, 255, 10]);
        if (error == Errno.EOPNOTSUPP)
        {
            // Some file systems have none.
            return;
        }

        Assert.Equal(Errno.None, error);
        Assert.Equal(Errno.None, _directory.SetXattr(default, "user.b"u8, default));
        Assert.Equal(Errno.None, _directory.ListXattrs("f"u8, out List<byte[]> names));
        Assert.True(names.Exists(static name => name.AsSpan().SequenceEqual("user.a"u8)));
        Assert.Equal(Errno.None, _directory.GetXattr("f"u8, "user.a"u8, out byte[] value));
        Assert.Equal<byte>([0, 255, 10], value);
        Assert.Equal(Errno.None, _directory.GetXattr(default, "user.b"u8, out value));
        Assert.Empty(value);
        Assert.Equal(Errno.ENODATA, _directory.GetXattr("f"u8, "user.none"u8, out _));
    }

    [Fact]
    public void SeekData_InAFileWithAHole_FindsWhatWasWritten()
    {
        using HostFile? file = _directory.TryOpenFile("sparse"u8, OpenFlags.ReadWrite | OpenFlags.Create, 0x180, out _);
        Assert.NotNull(file);
        file.Resize(16 << 20);
        file.WriteAllAt("data"u8, 8 << 20);
        Errno error = file.SeekData(0, out long found);
        Assert.Equal(Errno.None, error);
        Assert.InRange(found, 0, 8 << 20);
        Assert.Equal(Errno.None, file.SeekHole(8 << 20, out found));
        Assert.InRange(found, (8 << 20) + 4, 16 << 20);
        Assert.Equal(Errno.ENXIO, file.SeekData(16 << 20, out _));
    }
}
