using System.Runtime.InteropServices;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The tool that the layout tests stand on: it must answer right, and it must be able to fail.</summary>
public sealed class SystemHeadersTests
{
    [HeadersFact("linux/aio_abi.h")]
    public void Ask_SizeOffsetMemberSizeAndConstant_AreTheHeaders()
    {
        IReadOnlyDictionary<string, long> answers = SystemHeaders.Ask(
            ["linux/aio_abi.h"],
            ["struct iocb", "struct iocb.aio_nbytes", "sizeof(struct iocb.aio_nbytes)", "IOCB_CMD_PWRITEV"]);

        Assert.Equal([64L, 32L, 8L, 8L], answers.Values);
    }

    [HeadersFact("linux/aio_abi.h")]
    public void Ask_ThingsTheHeaderLacks_AreAbsentAndTheRestIsAnswered()
    {
        IReadOnlyDictionary<string, long> answers = SystemHeaders.Ask(
            ["linux/aio_abi.h"],
            ["struct no_such", "struct no_such.member", "struct iocb.no_member", "NO_CONSTANT", "NO_CONSTANT + 1", "struct io_event"]);

        Assert.Equal(new KeyValuePair<string, long>("struct io_event", 32), Assert.Single(answers));
    }

    [HeadersFact("linux/aio_abi.h")]
    public void AssertLayout_WrongOffset_NamesTheMember()
    {
        var failure = Assert.ThrowsAny<Exception>(() => SystemHeaders.AssertLayout<Swapped>(
            "linux/aio_abi.h",
            "struct io_event",
            (nameof(Swapped.Object), "obj"),
            (nameof(Swapped.Data), "data"),
            (nameof(Swapped.Result), "res")));

        Assert.Contains("struct io_event.obj is 8 in C, Swapped.Object is 0 here", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("struct io_event.res ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_MissingHeader_IsNamed()
    {
        Assert.NotNull(SystemHeaders.Problem("no/such/header.h"));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Swapped
    {
        public ulong Object;
        public ulong Data;
        public long Result;
        public long Result2;
    }
}
