using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class FusermountTests
{
    private static readonly MountOptions _options = new() { Source = "a,b" };

    [HeadersFact(FakeFusermount.Header)]
    public void Mount_ProgramHandsOverDescriptor_ItArrivesClosedOnExec()
    {
        using var fake = new FakeFusermount(descriptorCount: 1);
        (SafeFileHandle device, ChildProgram? watcher, DescriptorSocket? socket) =
            new Fusermount(fake.Path).Mount("/m p", _options);
        using (device)
        {
            Assert.Null(watcher);
            Assert.Null(socket);
            Assert.Equal(Libc.DescriptorCloseOnExec, Libc.FCntl((int)device.DangerousGetHandle(), Libc.GetDescriptorFlags, 0));
            byte[] text = new byte[RandomAccess.GetLength(device)];
            RandomAccess.Read(device, text, 0);
            Assert.Equal(File.ReadAllBytes(fake.ArgumentsPath), text);
            Assert.Equal(["-o", @"rw,nosuid,nodev,fsname=a\,b", "--", "/m p"], File.ReadLines(fake.ArgumentsPath));
        }
    }

    [HeadersFact(FakeFusermount.Header)]
    public void Mount_ProgramFails_MessageHoldsItsWords()
    {
        using var fake = new FakeFusermount(descriptorCount: 0);
        FuseMountException failure = Assert.Throws<FuseMountException>(() => new Fusermount(fake.Path).Mount("/m", _options));
        Assert.Equal(Errno.EACCES, failure.Error);
        Assert.Contains("exit code 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no luck", failure.Message, StringComparison.Ordinal);
        Assert.Contains("/m", failure.Message, StringComparison.Ordinal);
    }

    [HeadersFact(FakeFusermount.Header)]
    public void Mount_WrongNumberOfDescriptors_IsRefusedAndNoneIsKept()
    {
        foreach (int count in new[] { -1, 2, 40 })
        {
            using var fake = new FakeFusermount(count);
            FuseMountException failure = Assert.Throws<FuseMountException>(() => new Fusermount(fake.Path).Mount("/m", _options));
            Assert.Equal(Errno.EPROTO, failure.Error);
            Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd"), file => new FileInfo(file).LinkTarget == fake.ArgumentsPath);
        }
    }

    [Fact]
    public void Mount_NoSuchProgram_SaysHowToInstallIt()
    {
        FuseMountException failure = Assert.Throws<FuseMountException>(() => new Fusermount("/nowhere/fusermount3").Mount("/m", _options));
        Assert.Equal(Errno.ENOENT, failure.Error);
        Assert.Contains("apt-get install fuse3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_VariableSet_IsThatProgram()
    {
        string? before = Environment.GetEnvironmentVariable(Fusermount.PathVariable);
        try
        {
            Environment.SetEnvironmentVariable(Fusermount.PathVariable, "/some/where");
            Assert.Equal(new Fusermount("/some/where"), Fusermount.Find());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Fusermount.PathVariable, before);
        }
    }

    [Fact]
    public void Receive_NothingSent_TimesOutAndThenSeesTheEnd()
    {
        Assert.Equal(Errno.None, DescriptorSocket.Create(out DescriptorSocket? socket, out SafeFileHandle? peer));
        using (socket)
        {
            using (peer)
            {
                Assert.Equal(Errno.ETIMEDOUT, socket!.Receive(TimeSpan.FromMilliseconds(1), out _));
            }

            Assert.Equal(Errno.ENODATA, socket.Receive(TimeSpan.FromSeconds(60), out SafeFileHandle? nothing));
            Assert.Null(nothing);
        }
    }
}
