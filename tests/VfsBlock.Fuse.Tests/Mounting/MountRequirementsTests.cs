using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class MountRequirementsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly string _mountPoint;

    public MountRequirementsTests()
    {
        _mountPoint = _directory.File("mnt");
        Directory.CreateDirectory(_mountPoint);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Check_EverythingThere_FindsNothing() =>
        Assert.Empty(MountRequirements.Check(_mountPoint, new MountOptions(), MountMethod.Automatic, Root()));

    [Fact]
    public void Check_NoDevice_SaysModprobe() =>
        AssertFatal(Check(surroundings: Root() with { DeviceError = Errno.ENOENT }), Errno.ENODEV, "modprobe fuse");

    [Fact]
    public void Check_DeviceClosedToTheUser_SaysChmod() =>
        AssertFatal(Check(surroundings: User() with { DeviceError = Errno.EACCES }), Errno.EACCES, "chmod 666 /dev/fuse");

    [Fact]
    public void Check_UserWithoutFusermount_SaysHowToInstallIt() =>
        AssertFatal(Check(surroundings: User() with { HasFusermount = false }), Errno.ENOENT, "apt-get install fuse3");

    [Fact]
    public void Check_RootWithoutFusermount_DoesNotNeedIt()
    {
        Assert.Empty(Check(surroundings: Root() with { HasFusermount = false }));
        AssertFatal(Check(new MountOptions { AutoUnmount = true }, Root() with { HasFusermount = false }), Errno.ENOENT, "fuse3");
    }

    [Fact]
    public void Check_NoDirectory_SaysMkdir() =>
        AssertFatal(
            MountRequirements.Check(_directory.File("none"), new MountOptions(), MountMethod.Automatic, Root()),
            Errno.ENOENT, $"mkdir -p {_directory.File("none")}");

    [Fact]
    public void Check_FileAsMountPoint_SaysItIsNoDirectory()
    {
        string file = _directory.File("file");
        File.WriteAllText(file, "");
        AssertFatal(MountRequirements.Check(file, new MountOptions(), MountMethod.Automatic, Root()), Errno.ENOTDIR, "not a directory");
    }

    [Fact]
    public void Check_FullDirectory_OnlyWarns()
    {
        File.WriteAllText(Path.Combine(_mountPoint, "hidden"), "");
        MountProblem problem = Assert.Single(Check(surroundings: Root()));
        Assert.False(problem.IsFatal);
        Assert.Equal(Errno.ENOTEMPTY, problem.Error);
    }

    [Theory]
    [InlineData("# user_allow_other\n#user_allow_other\n", false)]
    [InlineData("mount_max = 10\n  user_allow_other  \n", true)]
    public void Check_AllowOtherAsUser_NeedsTheLineInFuseConf(string text, bool isPermitted)
    {
        string file = _directory.File("fuse.conf");
        File.WriteAllText(file, text);
        var options = new MountOptions { AllowOther = true };
        IReadOnlyList<MountProblem> problems = Check(options, User() with { ConfigurationPath = file });
        if (isPermitted)
        {
            Assert.Empty(problems);
        }
        else
        {
            AssertFatal(problems, Errno.EPERM, $"add this line to {file}: user_allow_other");
        }

        Assert.Empty(Check(options, Root() with { ConfigurationPath = file }));
    }

    [Fact]
    public void Check_ContradictingOptions_AreFatal()
    {
        AssertFatal(Check(new MountOptions { BlockSizeBytes = 512 }, Root()), Errno.EINVAL, "blkdev");
        AssertFatal(Check(new MountOptions { BlockDevice = true, Source = "/dev/x" }, User()), Errno.EPERM, "root");
        AssertFatal(
            MountRequirements.Check(_mountPoint, new MountOptions { AutoUnmount = true }, MountMethod.Direct, Root()),
            Errno.EINVAL, "fusermount3");
    }

    private static MountSurroundings Root() => new() { DeviceError = Errno.None, MayMount = true, HasFusermount = true };

    private static MountSurroundings User() => Root() with { MayMount = false };

    private static void AssertFatal(IReadOnlyList<MountProblem> problems, Errno error, string advice)
    {
        MountProblem problem = Assert.Single(problems);
        Assert.True(problem.IsFatal);
        Assert.Equal(error, problem.Error);
        Assert.Contains(advice, problem.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<MountProblem> Check(MountOptions? options = null, MountSurroundings? surroundings = null) =>
        MountRequirements.Check(_mountPoint, options ?? new MountOptions(), MountMethod.Automatic, surroundings ?? Root());
}
