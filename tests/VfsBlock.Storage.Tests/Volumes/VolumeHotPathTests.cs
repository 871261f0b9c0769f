using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeHotPathTests : IDisposable
{
    private readonly VolumeFixture _fixture = new();
    private readonly InodeNumber _directory;
    private readonly InodeNumber _file;
    private readonly byte[] _buffer = new byte[4096];

    public VolumeHotPathTests()
    {
        _directory = _fixture.MakeDirectory("d");
        _file = _fixture.Create("file", _directory, hold: true);
        _fixture.Volume.SetXattr(_file, "user.a"u8, [1, 2, 3]);
    }

    private Volume Volume => _fixture.Volume;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void LookupAndGetAttributes_EachCall_AllocateNothing() => AllocationProbe.AssertNone(() =>
    {
        Expect(Volume.Lookup(_directory, "file"u8, out InodeEntry entry, hold: true));
        Expect(Volume.GetAttributes(entry.Number, out _));
        Expect(Volume.Release(entry.Number));
        Expect(Volume.GetXattr(_file, "user.a"u8, _buffer, out _));
    });

    [Fact]
    public void CreateAndUnlink_EachCall_AllocateNothing() => AllocationProbe.AssertNone(() =>
    {
        Expect(Volume.Create(_directory, "new"u8, 0x1A4, VolumeFixture.User, out InodeEntry entry, hold: true));
        Expect(Volume.Unlink(_directory, "new"u8));
        Expect(Volume.Release(entry.Number));
    });

    [Fact]
    public void Rename_EachCall_AllocatesNothing() => AllocationProbe.AssertNone(() =>
    {
        Expect(Volume.Rename(_directory, "file"u8, InodeNumber.Root, "renamed"u8));
        Expect(Volume.Rename(InodeNumber.Root, "renamed"u8, _directory, "file"u8));
    });

    [Fact]
    public void SetAttributesAndLink_EachCall_AllocateNothing() => AllocationProbe.AssertNone(() =>
    {
        Expect(Volume.SetAttributes(_file, new AttributeChange { Fields = AttributeFields.Mode, Mode = 0x180 }, out _));
        Expect(Volume.Link(_file, InodeNumber.Root, "link"u8, out _));
        Expect(Volume.Unlink(InodeNumber.Root, "link"u8));
    });

    private static void Expect(Errno error)
    {
        if (error != Errno.None)
        {
            throw new InvalidOperationException($"{error}");
        }
    }
}
