using VfsBlock.Fuse;
using Xunit;

namespace VfsBlock.MemoryFileSystem.Tests;

/// <summary>Attributes read without a lock are never a mixture of two moments.</summary>
public sealed class SharedAttributesTests
{
    [Fact]
    public void Read_WhileAnotherThreadWrites_IsOneMoment()
    {
        var inode = new Inode(NodeId.Root, default);
        int done = 0;
        var writer = new Thread(() =>
        {
            for (uint value = 1; value < 300_000; value++)
            {
                inode.WriteAttributes(new FuseAttr { Inode = value, Size = value, MtimeSeconds = value, Mode = value, BlockSize = value });
            }

            Volatile.Write(ref done, 1);
        });
        writer.Start();
        ulong last = 0;
        while (Volatile.Read(ref done) == 0)
        {
            FuseAttr seen = inode.Attributes;
            Assert.True(seen.Inode == seen.Size && seen.Inode == seen.MtimeSeconds && seen.Inode == seen.Mode && seen.Inode == seen.BlockSize);
            Assert.True(seen.Inode >= last);
            last = seen.Inode;
        }

        writer.Join();
    }
}
