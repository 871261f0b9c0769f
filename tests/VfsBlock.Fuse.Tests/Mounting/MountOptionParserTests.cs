using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class MountOptionParserTests
{
    public static TheoryData<string?, MountOptions> Known => new()
    {
        { null, new MountOptions() },
        { "", new MountOptions() },
        { ",,", new MountOptions() },
        { "ro", new MountOptions { ReadOnly = true } },
        { "suid,dev,noexec", new MountOptions { AllowSetUserId = true, AllowDevices = true, AllowExecution = false } },
        { "noatime,nodiratime", new MountOptions { AccessTime = AccessTimeMode.Never, NoDirectoryAccessTime = true } },
        { "strictatime", new MountOptions { AccessTime = AccessTimeMode.Strict } },
        { "norelatime", new MountOptions { AccessTime = AccessTimeMode.Strict } },
        { "noatime,relatime", new MountOptions() },
        { "sync,dirsync", new MountOptions { Synchronous = true, DirectorySynchronous = true } },
        { "allow_other,default_permissions", new MountOptions { AllowOther = true, DefaultPermissions = true } },
        { "auto_unmount", new MountOptions { AutoUnmount = true } },
        { "max_read=131072", new MountOptions { MaxReadBytes = 131072 } },
        { "blkdev,blksize=4096,fsname=/dev/x", new MountOptions { BlockDevice = true, BlockSizeBytes = 4096, Source = "/dev/x" } },
        { "fsname=/a b/c=d,subtype=vfs", new MountOptions { Source = "/a b/c=d", Subtype = "vfs" } },
        { @"source=a\,b\\c", new MountOptions { Source = @"a,b\c" } },
        { "auto,noauto,user,users,nofail,_netdev,defaults,nonempty,x-systemd.automount,X-mount.mkdir=0755,comment=what,lazytime", new MountOptions() },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Parse_KnownOptions_GivesThemAndNothingElse(string? text, MountOptions expected)
    {
        ParsedMountOptions parsed = MountOptionParser.Parse(text);
        Assert.Equal(expected, parsed.Options);
        Assert.Empty(parsed.Unknown);
        Assert.Equal(expected, parsed.RefuseUnknown());
    }

    [Fact]
    public void Parse_UnknownOptions_AreReturnedUnescapedInOrder()
    {
        ParsedMountOptions parsed = MountOptionParser.Parse(@"cache=64M,ro,trace,log=/a\,b,ro=1");
        Assert.Equal(["cache=64M", "trace", "log=/a,b", "ro=1"], parsed.Unknown);
        FuseMountException refusal = Assert.Throws<FuseMountException>(() => parsed.RefuseUnknown());
        Assert.Contains("'cache=64M', 'trace', 'log=/a,b', 'ro=1'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EINVAL, refusal.Error);
    }

    [Theory]
    [InlineData("ro,rw", "'rw' overrides the earlier 'ro'")]
    [InlineData("fsname=a,source=b", "'source=b' overrides the earlier 'fsname=a'")]
    [InlineData("noatime,strictatime", "'strictatime' overrides the earlier 'noatime'")]
    [InlineData("max_read=4096,max_read=8192", "'max_read=8192' overrides the earlier 'max_read=4096'")]
    public void Parse_Contradiction_LaterWinsAndIsReported(string text, string expected) =>
        Assert.Equal([expected], MountOptionParser.Parse(text).Overridden);

    [Fact]
    public void Parse_SameOptionTwice_IsNoContradiction() =>
        Assert.Empty(MountOptionParser.Parse("ro,nosuid,ro").Overridden);

    [Theory]
    [InlineData("max_read=4095")]
    [InlineData("max_read=-1")]
    [InlineData("max_read=1e6")]
    [InlineData("max_read=")]
    [InlineData("max_read")]
    [InlineData("fsname=")]
    [InlineData("fd=3")]
    [InlineData("user_id=0")]
    [InlineData("allow_root")]
    [InlineData("remount")]
    public void Parse_ImpossibleOption_IsRefusedByItsName(string text)
    {
        FuseMountException refusal = Assert.Throws<FuseMountException>(() => MountOptionParser.Parse(text));
        Assert.Contains(text.Split('=')[0], refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LoneBackslashAtTheEnd_IsRefused() =>
        Assert.Throws<FuseMountException>(() => MountOptionParser.Parse(@"fsname=a\"));
}
