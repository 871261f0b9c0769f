using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class MountTableTests
{
    [Fact]
    public void Parse_LineWithEscapesAndOptionalFields_GivesAllFields()
    {
        const string Line = @"41 26 0:38 /sub\040dir /mnt/a\040b\011c\012d\134e rw,nosuid shared:7 master:2 - fuse.vfsblock a,b\043c rw,user_id=0";
        MountEntry entry = Assert.Single(MountTable.Parse(Line + "\n"));
        Assert.Equal(
            new MountEntry(41, 26, new DeviceNumber(0, 38), "/sub dir", "/mnt/a b\tc\nd\\e", "rw,nosuid", "fuse.vfsblock", "a,b#c", "rw,user_id=0"),
            entry);
    }

    [Fact]
    public void Parse_BackslashWithoutThreeOctalDigits_StaysAsItIs() =>
        Assert.Equal(@"/a\09x\7", Assert.Single(MountTable.Parse(@"1 2 0:3 / /a\09x\7 rw - tmpfs none rw")).MountPoint);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1 2 0:3 / /a rw tmpfs none rw")]
    [InlineData("1 2 0:3 / /a rw - tmpfs none")]
    [InlineData("x 2 0:3 / /a rw - tmpfs none rw")]
    [InlineData("1 2 03 / /a rw - tmpfs none rw")]
    public void Parse_LineInAnotherFormat_IsPassedOver(string line) => Assert.Empty(MountTable.Parse(line));

    [Fact]
    public void FindTop_StackedMounts_IsTheOneNoOtherStandsOn()
    {
        IReadOnlyList<MountEntry> entries = MountTable.Parse(
            "70 60 0:1 / /m rw - tmpfs upper rw\n50 20 0:2 / /m rw - tmpfs lowest rw\n60 50 0:3 / /m rw - tmpfs middle rw\n80 20 0:4 / /n rw - tmpfs other rw\n");
        Assert.Equal("upper", MountTable.FindTop(entries, "/m")!.Source);
        Assert.Null(MountTable.FindTop(entries, "/x"));
    }

    [Theory]
    [InlineData("fuse", true)]
    [InlineData("fuseblk", true)]
    [InlineData("fuse.sshfs", true)]
    [InlineData("fuseblk.ntfs", true)]
    [InlineData("fusectl", false)]
    [InlineData("ext4", false)]
    public void IsFuse_Type_IsWhatAServerStandsBehind(string type, bool expected) =>
        Assert.Equal(expected, Assert.Single(MountTable.Parse($"1 2 0:3 / /a rw - {type} none rw")).IsFuse);

    [Fact]
    public void Find_Root_IsThere() => Assert.Equal("/", MountTable.Find("/")!.MountPoint);
}
