using System.Text;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What a volume still does when nothing more fits.</summary>
public class VolumeFullTests : IDisposable
{
    private const int FileBytes = 60_000;

    private readonly DataFixture _fixture;

    public VolumeFullTests()
        : this(VolumeGround.Simulated)
    {
    }

    internal VolumeFullTests(VolumeGround ground) => _fixture = new DataFixture(sizeLimitBytes: 8 << 20, ground: ground);

    public void Dispose()
    {
        _fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void FullVolume_WhatTakesNoMoreSpace_Works()
    {
        VolumeStatistics empty = _fixture.Settle();
        List<InodeNumber> files = Fill();
        for (int index = 0; index < files.Count; index++)
        {
            var change = new AttributeChange
            {
                Fields = AttributeFields.Mode | AttributeFields.UserId | AttributeFields.AccessTime | AttributeFields.ModifyTime,
                Mode = 0x180,
                UserId = (uint)index,
                AccessTime = new Timestamp(index, 1),
                ModifyTime = new Timestamp(index, 2),
            };
            Assert.Equal(Errno.None, _fixture.Open.SetAttributes(files[index], change, out InodeItem after));
            Assert.Equal((0x8180U, (uint)index), (after.Mode, after.UserId));
            Assert.Equal(Errno.None, _fixture.Open.RecordAccess(files[index]));
            Assert.Equal(Errno.None, Rename($"file {index:d4}", $"name {index:d4}"));
            Assert.Equal(Errno.None, index % 10 == 0 ? _fixture.Open.Sync() : Errno.None);
        }

        Assert.Equal(Errno.None, Rename("name 0000", "name 0001"));
        Assert.Equal(Errno.None, _fixture.Open.Rename(InodeNumber.Root, "name 0001"u8, InodeNumber.Root, "name 0002"u8, RenameFlags.Exchange));
        Assert.Equal(Errno.None, _fixture.Open.Sync());
        Assert.Equal(Errno.None, _fixture.Open.SetSize(files[3], 0));
        Assert.Equal(Errno.None, _fixture.Open.Sync());
        foreach (int index in Enumerable.Range(1, files.Count - 1))
        {
            Assert.Equal(Errno.None, _fixture.Open.Unlink(InodeNumber.Root, Name($"name {index:d4}")));
        }

        Assert.Equal(empty, _fixture.Settle() with { TotalBlocks = empty.TotalBlocks });
    }

    [Fact]
    public void FullVolume_AfterACrash_OpensAgain()
    {
        List<InodeNumber> files = Fill();
        Assert.Equal(Errno.None, _fixture.Open.Checkpoint());
        for (int index = 0; index < files.Count; index++)
        {
            // Every leaf of the tree is copied, out of what is kept.
            var change = new AttributeChange { Fields = AttributeFields.Mode, Mode = 0x180 };
            Assert.Equal(Errno.None, _fixture.Open.SetAttributes(files[index], change, out _));
            Assert.Equal(Errno.None, index % 3 == 0 ? _fixture.Open.SetSize(files[index], 0) : Errno.None);
        }

        _fixture.Crash();
        Assert.Equal(0x8180U, _fixture.Attributes(files[^1]).Mode);
    }

    [Fact]
    public void FullVolume_AfterFilesWereDeleted_TakesAsMuchAgain()
    {
        int firstCount = Fill().Count;
        for (int index = 0; index < firstCount; index++)
        {
            Assert.Equal(Errno.None, _fixture.Open.Unlink(InodeNumber.Root, Name($"file {index:d4}")));
        }

        _fixture.Settle();
        Assert.InRange(Fill().Count, firstCount - 1, firstCount + 1);
    }

    [Fact]
    public void FullVolume_WriteThatDoesNotFit_IsRefusedAtOnceAndWhatWasWrittenIsSynced()
    {
        List<InodeNumber> files = Fill();
        byte[] kept = DataFixture.Pattern(FileBytes, 1);
        Assert.Equal(Errno.ENOSPC, _fixture.Open.Write(files[0], 1 << 20, new byte[8 << 20]).Error);
        Assert.Equal(Errno.None, _fixture.Open.Sync());
        _fixture.Reopen();
        _fixture.AssertContent(files[1], kept);
    }

    private static byte[] Name(string name) => Encoding.ASCII.GetBytes(name);

    // Files with data until that does not fit, then files without.
    private List<InodeNumber> Fill()
    {
        List<InodeNumber> files = [];
        bool hasRoom = true;
        while (_fixture.Open.Create(InodeNumber.Root, Name($"file {files.Count:d4}"), 0x1A4, default, out InodeEntry entry) is var error && error == Errno.None)
        {
            files.Add(entry.Number);
            if (hasRoom)
            {
                IoResult result = _fixture.Open.Write(entry.Number, 0, DataFixture.Pattern(FileBytes, 1));
                hasRoom = result.Succeeded;
                Assert.Equal(hasRoom ? Errno.None : Errno.ENOSPC, result.Error);
            }
        }

        Assert.Equal(Errno.ENOSPC, _fixture.Open.Create(InodeNumber.Root, "one more"u8, 0x1A4, default, out _));
        Assert.True(files.Count > 10);
        return files;
    }

    private Errno Rename(string from, string to) => _fixture.Open.Rename(InodeNumber.Root, Name(from), InodeNumber.Root, Name(to));
}
