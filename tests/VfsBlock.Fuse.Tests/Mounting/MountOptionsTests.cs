using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class MountOptionsTests
{
    private static readonly MountOptions _everything = new()
    {
        Source = @"/dev/a,b\c d",
        Subtype = "x,y",
        AllowOther = true,
        DefaultPermissions = true,
        MaxReadBytes = 65536,
        BlockSizeBytes = 512,
        BlockDevice = true,
        ReadOnly = true,
        AllowSetUserId = true,
        AllowDevices = true,
        AllowExecution = false,
        AccessTime = AccessTimeMode.Strict,
        NoDirectoryAccessTime = true,
        Synchronous = true,
        DirectorySynchronous = true,
        AutoUnmount = true,
    };

    [Fact]
    public void ToString_AnyOptions_ParseBackToTheSame()
    {
        Assert.Equal(_everything, MountOptionParser.Parse(_everything.ToString()).RefuseUnknown());
        Assert.Equal(new MountOptions(), MountOptionParser.Parse(new MountOptions().ToString()).RefuseUnknown());
    }

    [Fact]
    public void ToString_CommaAndBackslash_AreEscaped() =>
        Assert.EndsWith(@",subtype=x\,y,fsname=/dev/a\,b\\c d", _everything.ToString(), StringComparison.Ordinal);

    [Fact]
    public void ToFusermountString_OptionsItDoesNotKnow_AreLeftOut()
    {
        string text = _everything.ToFusermountString();
        Assert.DoesNotContain("strictatime", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nodiratime", text, StringComparison.Ordinal);
        Assert.StartsWith("ro,suid,dev,noexec,sync,dirsync,allow_other", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToKernelParameters_Defaults_HoldTheFiveThatMustBe()
    {
        IReadOnlyList<(string Key, string? Value)> parameters = new MountOptions().ToKernelParameters(7, 1000, 100);
        Assert.Equal([("source", "vfsblock"), ("fd", "7"), ("rootmode", "40000"), ("user_id", "1000"), ("group_id", "100")], parameters);
    }

    [Fact]
    public void ToKernelParameters_Everything_NamesEachOnceAndUnescaped()
    {
        IReadOnlyList<(string Key, string? Value)> parameters = _everything.ToKernelParameters(7, 0, 0);
        (string, string?)[] expected =
        [
            ("source", @"/dev/a,b\c d"), ("subtype", "x,y"), ("allow_other", null), ("default_permissions", null),
            ("max_read", "65536"), ("blksize", "512"), ("ro", null), ("sync", null), ("dirsync", null),
        ];
        Assert.Equal(expected, parameters.Where(p => p.Key is not ("fd" or "rootmode" or "user_id" or "group_id")));
        Assert.Equal("fuseblk", _everything.KernelType);
    }

    [Fact]
    public void ToMountAttributes_Options_MatchLinuxMountH()
    {
        Assert.Equal(0x6u, new MountOptions().ToMountAttributes());
        Assert.Equal(0xa9u, _everything.ToMountAttributes());
        Assert.Equal(0x16u, new MountOptions { AccessTime = AccessTimeMode.Never }.ToMountAttributes());
    }

    [Fact]
    public void FindConflicts_Contradictions_AreSaidInWords()
    {
        Assert.Empty(new MountOptions().FindConflicts());
        Assert.Contains("blksize=", Assert.Single(new MountOptions { BlockSizeBytes = 512 }.FindConflicts()), StringComparison.Ordinal);
        Assert.Contains("'vfsblock'", Assert.Single(new MountOptions { BlockDevice = true }.FindConflicts()), StringComparison.Ordinal);
        Assert.Contains("auto_unmount", Assert.Single(_everything.FindConflicts()), StringComparison.Ordinal);
    }
}
