using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>
/// No managed memory on the request path. By AllocationProbe's rule (some round of many calls allocates exactly nothing),
/// but measured on the serving thread, which is where it counts.
/// </summary>
public sealed class FuseSessionAllocationTests
{
    private const int RoundCount = 50;
    private const int CallsPerRound = 40;

    [Fact]
    public void Requests_OnTheServingThread_AllocateNothing()
    {
        var fileSystem = new MeasuringFileSystem();
        using var served = new ServedSession(fileSystem);
        byte[] write = [.. Wire.Bytes(new FuseWriteIn { Size = 4096 }), .. new byte[4096]];
        byte[] getAttr = Wire.Bytes(new FuseGetAttrIn());
        long fewest = long.MaxValue;
        for (int round = 0; round < RoundCount && fewest != 0; round++)
        {
            served.Kernel.Call(FuseOpcode.GetAttr, getAttr);
            long before = fileSystem.AllocatedBytes;
            for (int call = 0; call < CallsPerRound; call++)
            {
                served.Kernel.Call(FuseOpcode.Lookup, Wire.Name("name"));
                served.Kernel.Call(FuseOpcode.Read, Wire.Read(4096));
                served.Kernel.Call(FuseOpcode.Write, write);
                served.Kernel.Call(FuseOpcode.ReadDirPlus, Wire.Read(4096));
                served.Kernel.Send(FuseOpcode.Forget, Wire.Bytes(new FuseForgetIn { LookupCount = 1 }));
            }

            served.Kernel.Call(FuseOpcode.GetAttr, getAttr);
            fewest = Math.Min(fewest, fileSystem.AllocatedBytes - before);
        }

        Assert.True(fewest == 0, $"{fewest} bytes allocated in the best of {RoundCount} rounds");
    }

    private sealed class MeasuringFileSystem : FuseFileSystem
    {
        private long _allocatedBytes;

        public long AllocatedBytes => Volatile.Read(ref _allocatedBytes);

        public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
        {
            Volatile.Write(ref _allocatedBytes, GC.GetAllocatedBytesForCurrentThread());
            return Errno.None;
        }

        public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
            name.Length == 4 ? Errno.None : Errno.ENOENT;

        public override Errno Read(
            FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
        {
            // Deferring and completing is the request path, too.
            if (!request.TryDefer())
            {
                return Errno.ENOMEM;
            }

            request.Complete(Errno.None, data.Length);
            return Errno.None;
        }

        public override Errno Write(
            FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
        {
            reply.Size = (uint)data.Length;
            return Errno.None;
        }

        public override Errno ReadDirPlus(
            FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
        {
            entries.TryAdd("entry"u8, new FuseEntryOut { NodeId = 5 }, 1);
            return Errno.None;
        }
    }
}
