using System.Text;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>What a session tells of itself: slow requests, and its trace.</summary>
public sealed class FuseSessionWatchTests
{
    [Fact]
    public void Watchdog_RequestHangs_IsToldOnceWithWhoAndWhat()
    {
        using var fileSystem = new HangingFileSystem();
        using var served = new ServedSession(
            fileSystem, ServedSession.SmallOptions with { SlowRequestThreshold = TimeSpan.FromMilliseconds(30) });
        ulong unique = served.Kernel.Send(
            FuseOpcode.GetAttr, Wire.Bytes(new FuseGetAttrIn()), HangingFileSystem.HangingNode);
        ServedSession.WaitUntil(() => SlowOnes().Any());
        Thread.Sleep(200);
        fileSystem.Release();
        served.Kernel.ReceiveFor(unique);
        string text = Assert.Single(SlowOnes());
        Assert.Contains($"GetAttr of node 13 (request {unique}, thread 4242 of user 1000)", text, StringComparison.Ordinal);

        IEnumerable<string> SlowOnes() =>
            served.Logger.Texts.Where(line => line.Contains("has not been answered", StringComparison.Ordinal));
    }

    [Fact]
    public void Watchdog_DeferredRequest_IsToldToo()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(
            fileSystem, ServedSession.SmallOptions with { SlowRequestThreshold = TimeSpan.FromMilliseconds(30) });
        served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        FuseRequest request = fileSystem.Take();
        ServedSession.WaitUntil(() => served.Logger.Texts.Any(text => text.Contains("Read of node 1", StringComparison.Ordinal)));
        DeferringFileSystem.CompleteRead(request, 0);
    }

    [Fact]
    public void Trace_RequestsAndReplies_ArePutIntoWords()
    {
        using var text = new StringWriter();
        using (var served = new ServedSession(new ProbeFileSystem(), ServedSession.SmallOptions with { Trace = text }))
        {
            SocketKernel kernel = served.Kernel;
            kernel.Call(FuseOpcode.Lookup, [.. "a\"b\n"u8, 0xff, 0]);
            kernel.Call(FuseOpcode.Write, [.. Wire.Bytes(new FuseWriteIn { Offset = 512, Size = 2, WriteFlags = FuseWriteFlags.KillSuidGid }), 1, 2]);
            kernel.Call(FuseOpcode.SetAttr, Wire.Bytes(new FuseSetAttrIn { Valid = FuseSetAttrValid.Size | FuseSetAttrValid.Mode, Size = 9, Mode = 0x81ff }));
            kernel.Call(FuseOpcode.Open, Wire.Bytes(new FuseOpenIn { Flags = 0x8201 }));
            kernel.Call(FuseOpcode.Unlink, "x"u8);
            kernel.Call((FuseOpcode)99);
            served.Session.Notifier.InvalidateAttributes(NodeId.Root);
            kernel.Receive();
            served.Unmount();
        }

        string trace = text.ToString();
        Assert.Contains("LOOKUP node 1 \"a\\\"b\\x0a\\xff\" (uid 1000 gid 1001 pid 4242)", trace, StringComparison.Ordinal);
        Assert.Contains("LOOKUP ok: node 42 mode 0100644 size 0, 128 bytes, ", trace, StringComparison.Ordinal);
        Assert.Contains("WRITE node 1 offset 512 size 2 [KillSuidGid]", trace, StringComparison.Ordinal);
        Assert.Contains("WRITE ok: wrote 2, 8 bytes, ", trace, StringComparison.Ordinal);
        Assert.Contains("SETATTR node 1 [Mode, Size] mode 0100777 size 9", trace, StringComparison.Ordinal);
        Assert.Contains("OPEN node 1 [O_WRONLY|O_TRUNC|O_LARGEFILE]", trace, StringComparison.Ordinal);
        Assert.Contains("UNLINK node 1 malformed, 41 bytes: EIO", trace, StringComparison.Ordinal);
        Assert.Contains("opcode 99 ENOSYS, ", trace, StringComparison.Ordinal);
        Assert.Contains("<! InvalidateInode, 40 bytes: ok", trace, StringComparison.Ordinal);
        Assert.All(trace.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{6} (#\d )?(->|<-|<!) ", line));
    }

    [Fact]
    public void Trace_EveryOpcode_CanBePutIntoWords()
    {
        using var text = new StringWriter();
        using var served = new ServedSession(new ProbeFileSystem(), ServedSession.SmallOptions with { Trace = text });
        foreach (RequestVector vector in RequestVectors.All)
        {
            served.Kernel.SendRaw(vector.Message);
        }

        served.Kernel.Call(FuseOpcode.Statfs);
        served.Unmount();
        Assert.Null(served.Session.Failure);
        Assert.All(RequestVectors.All, vector => Assert.Contains($" {vector.Opcode.ToString().ToUpperInvariant()} node ", text.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Trace_WriterFails_TheSessionGoesOn()
    {
        var writer = new StringWriter();
        using var served = new ServedSession(new ProbeFileSystem(), ServedSession.SmallOptions with { Trace = writer });
        writer.Dispose();
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
    }

    [Fact]
    public void Trace_WriterHasNoRightToWrite_TheSessionGoesOn()
    {
        // What standard error throws where it is closed: its number then belongs to something that takes no output.
        using var writer = new ForbiddenWriter();
        using var served = new ServedSession(new ProbeFileSystem(), ServedSession.SmallOptions with { Trace = writer });
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
        Assert.Equal(1, writer.AttemptCount);
    }

    private sealed class ForbiddenWriter : StringWriter
    {
        public int AttemptCount { get; private set; }

        public override void WriteLine(StringBuilder? value)
        {
            AttemptCount++;
            throw new UnauthorizedAccessException("on purpose");
        }
    }
}
