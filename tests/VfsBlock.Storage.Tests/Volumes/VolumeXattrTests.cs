using System.Text;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeXattrTests : IDisposable
{
    private readonly VolumeFixture _fixture = new();
    private readonly byte[] _buffer = new byte[VolumeLimits.MaxXattrBytes];
    private readonly InodeNumber _file;

    public VolumeXattrTests() => _file = _fixture.Create("file");

    private Volume Volume => _fixture.Volume;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(65536)]
    public void SetXattr_AnyLength_IsReadBack(int length)
    {
        byte[] value = Random(length);
        Timestamp now = _fixture.Clock.Advance();
        Assert.Equal(Errno.None, Volume.SetXattr(_file, "user.a"u8, value));
        Assert.Equal(now, _fixture.Attributes(_file).ChangeTime);
        _fixture.Commit(new Random(1), 1.0);
        Assert.Equal(Errno.None, Volume.GetXattr(_file, "user.a"u8, [], out int probedBytes));
        Assert.Equal(length, probedBytes);
        Assert.Equal(value, Read("user.a"));
        if (length > 1)
        {
            Assert.Equal(Errno.ERANGE, Volume.GetXattr(_file, "user.a"u8, _buffer.AsSpan(0, length - 1), out _));
        }
    }

    [Fact]
    public void SetXattr_ShorterAndLonger_LeavesNoPartBehind()
    {
        int before = CountItems();
        foreach (int length in (int[])[3000, 65536, 10, 5000, 1024, 1025, 0])
        {
            byte[] value = Random(length);
            Assert.Equal(Errno.None, Volume.SetXattr(_file, "user.a"u8, value));
            Assert.Equal(value, Read("user.a"));
            Assert.Equal(before + 1 + XattrItem.ChunksFor(length), CountItems());
        }

        Assert.Equal(Errno.None, Volume.SetXattr(_file, "user.a"u8, Random(65536)));
        Assert.Equal(Errno.None, Volume.RemoveXattr(_file, "user.a"u8));
        Assert.Equal(before, CountItems());
    }

    [Fact]
    public void SetXattr_Flags_AreObeyed()
    {
        Assert.Equal(Errno.ENODATA, Volume.SetXattr(_file, "user.a"u8, [], XattrFlags.Replace));
        Assert.Equal(Errno.None, Volume.SetXattr(_file, "user.a"u8, [], XattrFlags.Create));
        Assert.Equal(Errno.EEXIST, Volume.SetXattr(_file, "user.a"u8, [], XattrFlags.Create));
        Assert.Equal(Errno.None, Volume.SetXattr(_file, "user.a"u8, [1], XattrFlags.Replace));
        Assert.Equal(Errno.EINVAL, Volume.SetXattr(_file, "user.a"u8, [], (XattrFlags)4));
        Assert.Equal([1], Read("user.a"));
    }

    [Fact]
    public void SetXattr_OutOfBounds_IsRefused()
    {
        Assert.Equal(Errno.E2BIG, Volume.SetXattr(_file, "user.a"u8, new byte[65537]));
        Assert.Equal(Errno.ERANGE, Volume.SetXattr(_file, [], []));
        Assert.Equal(Errno.ERANGE, Volume.SetXattr(_file, new byte[256].AsSpan().Filled((byte)'x'), []));
        Assert.Equal(Errno.None, Volume.SetXattr(_file, new byte[255].AsSpan().Filled((byte)'x'), []));
        Assert.Equal(Errno.ESTALE, Volume.SetXattr(new InodeNumber(99), "user.a"u8, []));
        Assert.Equal(Errno.ENODATA, Volume.GetXattr(_file, "user.b"u8, [], out _));
        Assert.Equal(Errno.ENODATA, Volume.RemoveXattr(_file, "user.b"u8));
        Assert.Equal(Errno.ESTALE, Volume.GetXattr(new InodeNumber(99), "user.a"u8, [], out _));
    }

    [Fact]
    public void ListXattrs_Names_AreAllThere()
    {
        Assert.Equal(Errno.None, Volume.ListXattrs(_file, [], out int listBytes));
        Assert.Equal(0, listBytes);
        Volume.SetXattr(_file, "user.one"u8, [1]);
        Volume.SetXattr(_file, "user.three"u8, Random(5000));
        Assert.Equal(Errno.None, Volume.ListXattrs(_file, [], out listBytes));
        Assert.Equal("user.one".Length + "user.three".Length + 2, listBytes);
        Assert.Equal(Errno.ERANGE, Volume.ListXattrs(_file, _buffer.AsSpan(0, listBytes - 1), out _));
        Assert.Equal(Errno.None, Volume.ListXattrs(_file, _buffer.AsSpan(0, listBytes), out _));
        string[] names = Encoding.UTF8.GetString(_buffer, 0, listBytes).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["user.one", "user.three"], names.Order());
    }

    [Fact]
    public void SetXattr_ThousandNames_AreKept()
    {
        for (int index = 0; index < 1000; index++)
        {
            Assert.Equal(Errno.None, Volume.SetXattr(_file, VolumeFixture.Name($"user.attribute-{index}"), BitConverter.GetBytes(index)));
        }

        for (int index = 0; index < 1000; index++)
        {
            Assert.Equal(BitConverter.GetBytes(index), Read($"user.attribute-{index}"));
        }
    }

    [Fact]
    public void SetXattr_NamesLongerThanAList_AreRefused()
    {
        int count = 0;
        Errno error;
        do
        {
            error = Volume.SetXattr(_file, VolumeFixture.Name($"{count:d255}"), []);
            count += error == Errno.None ? 1 : 0;
        }
        while (error == Errno.None);

        Assert.Equal((Errno.ENOSPC, 65536 / 256), (error, count));
        Assert.Equal(Errno.None, Volume.SetXattr(_file, VolumeFixture.Name($"{0:d255}"), [1]));
    }

    [Theory]
    [InlineData(AttributeFields.UserId)]
    [InlineData(AttributeFields.GroupId)]
    [InlineData(AttributeFields.ClearSetId)]
    public void SetAttributes_OwnerOrContent_RemovesCapabilities(AttributeFields fields)
    {
        Volume.SetXattr(_file, "security.capability"u8, Random(20));
        Volume.SetXattr(_file, "user.a"u8, [1]);
        Assert.Equal(Errno.None, Volume.SetAttributes(_file, new AttributeChange { Fields = fields }, out _));
        Assert.Equal(Errno.ENODATA, Volume.GetXattr(_file, "security.capability"u8, [], out _));
        Assert.Equal([1], Read("user.a"));
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private byte[] Read(string name)
    {
        Assert.Equal(Errno.None, Volume.GetXattr(_file, VolumeFixture.Name(name), _buffer, out int valueBytes));
        return _buffer[..valueBytes];
    }

    private int CountItems() => TreeItems.Read(_fixture).Count;
}
