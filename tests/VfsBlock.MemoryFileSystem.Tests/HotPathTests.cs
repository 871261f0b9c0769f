using System.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.MemoryFileSystem.Tests;

/// <summary>The commonest messages allocate nothing.</summary>
public sealed class HotPathTests : IDisposable
{
    private static readonly byte[] _name = Encoding.ASCII.GetBytes("file");
    private readonly MemoryFileSystem _fileSystem = new(new MemoryFileSystemOptions { SizeLimitBytes = 1 << 20 });
    private readonly FuseRequest _request = new();
    private readonly NodeId _file;
    private readonly byte[] _data = new byte[10_000];

    public HotPathTests()
    {
        FuseCreateOut reply = default;
        Expect(_fileSystem.Create(_request, NodeId.Root, new FuseCreateIn { Mode = 0x81A4 }, _name, ref reply));
        _file = new NodeId(reply.Entry.NodeId);
    }

    public void Dispose() => _fileSystem.Dispose();

    [Fact]
    public void GetAttr_OfAFile_AllocatesNothing() => AllocationProbe.AssertNone(() =>
    {
        FuseAttrOut reply = default;
        Expect(_fileSystem.GetAttr(_request, _file, default, ref reply));
    });

    [Fact]
    public void Lookup_NameThereAndNameNotThere_AllocatesNothing() => AllocationProbe.AssertNone(() =>
    {
        FuseEntryOut reply = default;
        Expect(_fileSystem.Lookup(_request, NodeId.Root, _name, ref reply));
        Expect(_fileSystem.Lookup(_request, NodeId.Root, "absent"u8, ref reply));
    });

    [Fact]
    public void ReadAndWrite_WithinPagesThatExist_AllocateNothing()
    {
        Write();
        AllocationProbe.AssertNone(() =>
        {
            Write();
            int byteCount = 0;
            Errno error = _fileSystem.Read(_request, _file, new FuseReadIn { Size = (uint)_data.Length }, _data, ref byteCount);
            Expect(error);
        });
    }

    private void Write()
    {
        FuseWriteOut reply = default;
        Errno error = _fileSystem.Write(_request, _file, new FuseWriteIn { Size = (uint)_data.Length }, _data, ref reply);
        Expect(error);
        Assert.True(reply.Size == _data.Length);
    }

    // Assert.Equal would box.
    private static void Expect(Errno error) => Assert.True(error == Errno.None);
}
