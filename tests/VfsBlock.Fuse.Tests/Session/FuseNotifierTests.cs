using System.Text;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class FuseNotifierTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Notifications_EveryKind_HaveTheirCodeAndBody()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        FuseNotifier notifier = served.Session.Notifier;
        var node = new NodeId(7);
        Check(FuseNotifyCode.InvalidateInode, notifier.InvalidateAttributes(node), Wire.Bytes(new FuseNotifyInvalidateInode { NodeId = 7, Offset = -1 }));
        Check(FuseNotifyCode.InvalidateInode, notifier.InvalidateData(node, 5, 6), Wire.Bytes(new FuseNotifyInvalidateInode { NodeId = 7, Offset = 5, Length = 6 }));
        Check(FuseNotifyCode.InvalidateEntry, notifier.InvalidateEntry(node, "ab"u8), Wire.Bytes(new FuseNotifyInvalidateEntry { ParentNodeId = 7, NameLength = 2 }, "ab"));
        Check(
            FuseNotifyCode.InvalidateEntry,
            notifier.ExpireEntry(node, "ab"u8),
            Wire.Bytes(new FuseNotifyInvalidateEntry { ParentNodeId = 7, NameLength = 2, Flags = FuseInvalidateEntryFlags.ExpireOnly }, "ab"));
        Check(FuseNotifyCode.Delete, notifier.Delete(node, new NodeId(8), "ab"u8), Wire.Bytes(new FuseNotifyDelete { ParentNodeId = 7, ChildNodeId = 8, NameLength = 2 }, "ab"));
        Check(FuseNotifyCode.Store, notifier.Store(node, 9, [1, 2]), [.. Wire.Bytes(new FuseNotifyStore { NodeId = 7, Offset = 9, Size = 2 }), 1, 2]);
        Check(FuseNotifyCode.Prune, notifier.Prune([node]), [.. Wire.Bytes(new FuseNotifyPrune { Count = 1 }), .. Wire.Bytes(7ul)]);
        Check(FuseNotifyCode.Poll, notifier.WakePoll(11), Wire.Bytes(11ul));
        Check(FuseNotifyCode.IncrementEpoch, notifier.IncrementEpoch(), []);
        Check(FuseNotifyCode.Resend, notifier.Resend(), []);

        void Check(FuseNotifyCode code, Errno error, byte[] body)
        {
            Assert.Equal(Errno.None, error);
            KernelReply message = served.Kernel.Receive();
            Assert.Equal((0ul, (int)code), (message.Unique, message.Code));
            Assert.Equal(body, message.Body);
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("cached", 6)]
    [InlineData("more than was asked for", 10)]
    public void Retrieve_KernelAnswers_CopiesWhatCame(string cached, int byteCount)
    {
        using var served = new ServedSession(new ProbeFileSystem());
        byte[] destination = new byte[10];
        IoResult result = default;
        var caller = new Thread(() => result = served.Session.Notifier.Retrieve(new NodeId(7), 100, destination, _patience));
        caller.Start();
        KernelReply message = served.Kernel.Receive();
        FuseNotifyRetrieve retrieve = message.As<FuseNotifyRetrieve>();
        Assert.Equal((7ul, 100ul, 10u), (retrieve.NodeId, retrieve.Offset, retrieve.Size));
        byte[] data = Encoding.UTF8.GetBytes(cached);
        served.Kernel.Send(
            FuseOpcode.NotifyReply,
            [.. Wire.Bytes(new FuseNotifyRetrieveIn { Offset = 100, Size = (uint)data.Length }), .. data],
            node: 7,
            unique: retrieve.NotifyUnique);
        caller.Join();
        Assert.Equal(IoResult.Ok(byteCount), result);
        Assert.Equal(cached[..byteCount], Encoding.UTF8.GetString(destination, 0, byteCount));
    }

    [Fact]
    public void Retrieve_SessionEnds_FailsTheWaiter()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        IoResult result = default;
        var caller = new Thread(() => result = served.Session.Notifier.Retrieve(new NodeId(7), 0, new byte[10], _patience));
        caller.Start();
        served.Kernel.Receive();
        served.Unmount();
        caller.Join();
        Assert.Equal(IoResult.Fail(Errno.ENOTCONN), result);
    }

    [Fact]
    public void NotifyReply_NobodyAsked_IsIgnored()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        served.Kernel.Send(FuseOpcode.NotifyReply, Wire.Bytes(new FuseNotifyRetrieveIn()), unique: 999);
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
    }

    [Fact]
    public void Notify_FromInsideAnOperation_ThrowsUnlessItIsHarmless()
    {
        var fileSystem = new NotifyingFileSystem();
        using var served = new ServedSession(fileSystem);
        fileSystem.Notifier = served.Session.Notifier;
        ulong unique = served.Kernel.Send(FuseOpcode.Access, Wire.Bytes(new FuseAccessIn()));
        Assert.Equal((int)FuseNotifyCode.Poll, served.Kernel.Receive().Code);
        Assert.Equal(Errno.EIO, served.Kernel.ReceiveFor(unique).Error);
        Assert.Contains(served.Logger.Entries, entry => entry.Exception is InvalidOperationException);
    }

    private sealed class NotifyingFileSystem : ProbeFileSystem
    {
        public FuseNotifier? Notifier { get; set; }

        public override Errno Access(FuseRequest request, NodeId node, in FuseAccessIn args)
        {
            Notifier!.WakePoll(1);
            return Notifier.InvalidateAttributes(node);
        }
    }
}
