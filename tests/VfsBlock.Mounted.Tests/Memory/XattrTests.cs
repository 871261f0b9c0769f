using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Extended attributes.</summary>
public sealed class XattrTests : IDisposable
{
    private readonly MemoryMount _mount = new();

    public XattrTests() => Posix.Create(_mount["f"], 1);

    public void Dispose() => _mount.Dispose();

    [MountedFact]
    public void SetXattr_Values_AreReadBackAndListed()
    {
        foreach (int length in new[] { 0, 1, 255, 4096, 65536 })
        {
            byte[] value = new byte[length];
            new Random(length).NextBytes(value);
            Posix.Ok(Syscall.setxattr(_mount["f"], $"user.{length}", value, (ulong)length, 0));
            byte[] read = new byte[length + 10];
            Assert.Equal(length, Posix.Ok(Syscall.getxattr(_mount["f"], $"user.{length}", read, (ulong)read.Length)));
            Assert.Equal(value, read[..length]);
            Assert.Equal(length, Posix.Ok(Syscall.getxattr(_mount["f"], $"user.{length}", null!, 0)));
        }

        Posix.Ok(Syscall.listxattr(_mount["f"], out string[] names));
        Assert.Equal(["user.0", "user.1", "user.255", "user.4096", "user.65536"], names.Order(StringComparer.Ordinal));
    }

    [MountedFact]
    public void SetXattr_CreateAndReplace_RefuseTheWrongCase()
    {
        Posix.Fails(Errno.ENODATA, Syscall.setxattr(_mount["f"], "user.a", [1], 1, XattrFlags.XATTR_REPLACE));
        Posix.Ok(Syscall.setxattr(_mount["f"], "user.a", [1], 1, XattrFlags.XATTR_CREATE));
        Posix.Fails(Errno.EEXIST, Syscall.setxattr(_mount["f"], "user.a", [2], 1, XattrFlags.XATTR_CREATE));
        Posix.Ok(Syscall.setxattr(_mount["f"], "user.a", [2, 3], 2, XattrFlags.XATTR_REPLACE));
        byte[] read = new byte[1];
        Posix.Fails(Errno.ERANGE, Syscall.getxattr(_mount["f"], "user.a", read, 1));
    }

    [MountedFact]
    public void RemoveXattr_Twice_IsEnodata()
    {
        Posix.Ok(Syscall.setxattr(_mount["f"], "user.a", [1], 1, 0));
        Posix.Ok(Syscall.removexattr(_mount["f"], "user.a"));
        Posix.Fails(Errno.ENODATA, Syscall.removexattr(_mount["f"], "user.a"));
        Posix.Fails(Errno.ENODATA, Syscall.getxattr(_mount["f"], "user.a", new byte[1], 1));
        Assert.Equal(0, Posix.Ok(Syscall.listxattr(_mount["f"], out _)));
    }

    [MountedFact]
    public void SetXattr_AclOrUnknownNamespace_IsNotSupported()
    {
        Posix.Fails(Errno.EOPNOTSUPP, Syscall.setxattr(_mount["f"], "system.posix_acl_access", new byte[4], 4, 0));
        Posix.Fails(Errno.EOPNOTSUPP, Syscall.getxattr(_mount["f"], "system.posix_acl_access", new byte[4], 4));
        Posix.Fails(Errno.EOPNOTSUPP, Syscall.setxattr(_mount["f"], "other.a", [1], 1, 0));
    }

    [RootFact]
    public void SetXattr_Trusted_IsSeenByRootAlone()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Ok(Syscall.setxattr(_mount["f"], "trusted.a", [1], 1, 0));
        Posix.Ok(Syscall.listxattr(_mount["f"], out string[] names));
        Assert.Equal(["trusted.a"], names);
    }
}
