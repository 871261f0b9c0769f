using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Notifications come out as the kernel reads them.</summary>
public sealed class FuseNotificationTests
{
    private delegate int Builder(Span<byte> message);

    private static readonly (string Name, Builder Build, string Hex)[] Messages =
    [
        ("poll", m => FuseNotification.PollWakeup(m, 0x99),
            "18000000" + "01000000" + "0000000000000000" + "9900000000000000"),
        ("inode", m => FuseNotification.InvalidateInode(m, new NodeId(5), -1, 4096),
            "28000000" + "02000000" + "0000000000000000" + "0500000000000000" + "ffffffffffffffff" + "0010000000000000"),
        ("entry", m => FuseNotification.InvalidateEntry(m, NodeId.Root, "name"u8, FuseInvalidateEntryFlags.ExpireOnly),
            "25000000" + "03000000" + "0000000000000000" + "0100000000000000" + "04000000" + "01000000" + "6e616d6500"),
        ("store", m => FuseNotification.Store(m, new NodeId(5), 8192, "data"u8),
            "2c000000" + "04000000" + "0000000000000000" + "0500000000000000" + "0020000000000000" + "04000000" + "00000000" + "64617461"),
        ("retrieve", m => FuseNotification.Retrieve(m, 77, new NodeId(5), 8192, 4096),
            "30000000" + "05000000" + "0000000000000000" + "4d00000000000000" + "0500000000000000" + "0020000000000000" + "00100000" + "00000000"),
        ("delete", m => FuseNotification.Delete(m, NodeId.Root, new NodeId(6), "gone"u8),
            "2d000000" + "06000000" + "0000000000000000" + "0100000000000000" + "0600000000000000" + "04000000" + "00000000" + "676f6e6500"),
        ("resend", m => FuseNotification.Resend(m), "10000000" + "07000000" + "0000000000000000"),
        ("epoch", m => FuseNotification.IncrementEpoch(m), "10000000" + "08000000" + "0000000000000000"),
        ("prune", m => FuseNotification.Prune(m, [new NodeId(3), new NodeId(0x1122334455667788)]),
            "30000000" + "09000000" + "0000000000000000" + "02000000" + "00000000" + "0000000000000000" + "0300000000000000" + "8877665544332211"),
    ];

    public static TheoryData<string> Names => new(Messages.Select(message => message.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_EveryKind_IsTheKernelsMessage(string name)
    {
        (_, Builder build, string hex) = Messages.Single(message => message.Name == name);
        byte[] message = new byte[FuseNotification.MaxNameMessageBytes];
        message.AsSpan().Fill(0xee);

        int lengthBytes = build(message);

        Assert.Equal(hex, Convert.ToHexStringLower(message.AsSpan(0, lengthBytes)));
        Assert.True(message.AsSpan(lengthBytes).IndexOfAnyExcept((byte)0xee) < 0, "bytes after the message were touched");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_ExactRoom_IsEnoughAndOneByteLessIsAnError(string name)
    {
        (_, Builder build, string hex) = Messages.Single(message => message.Name == name);
        int lengthBytes = hex.Length / 2;
        using var buffer = new GuardedBuffer(lengthBytes);

        Assert.Equal(lengthBytes, build(buffer.Tail(lengthBytes)));
        Assert.Throws<ArgumentException>(() => build(buffer.Tail(lengthBytes - 1)));
    }

    [Fact]
    public void Build_LongestName_FitsTheStatedRoom()
    {
        byte[] name = new byte[255];
        byte[] message = new byte[FuseNotification.MaxNameMessageBytes];

        Assert.Equal(message.Length, FuseNotification.Delete(message, NodeId.Root, new NodeId(2), name));
    }

    [Fact]
    public void Build_AnyKind_AllocatesNothing()
    {
        byte[] message = new byte[FuseNotification.MaxNameMessageBytes];
        long sum = 0;

        AllocationProbe.AssertNone(() =>
        {
            sum += FuseNotification.InvalidateInode(message, NodeId.Root, 0, 0);
            sum += FuseNotification.InvalidateEntry(message, NodeId.Root, "name"u8, FuseInvalidateEntryFlags.None);
            sum += FuseNotification.Prune(message, [NodeId.Root]);
        });
        Assert.NotEqual(0, sum);
    }
}
