using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Extended attributes.</summary>
public abstract class XattrRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    protected XattrRules() => Posix.Create(Mount["f"], 1);

    [MountedFact]
    public void SetXattr_Values_AreReadBackAndListed()
    {
        foreach (int length in new[] { 0, 1, 255, 4096, 65536 })
        {
            byte[] value = new byte[length];
            new Random(length).NextBytes(value);
            Posix.Ok(Syscall.setxattr(Mount["f"], $"user.{length}", value, (ulong)length, 0));
            byte[] read = new byte[length + 10];
            Assert.Equal(length, Posix.Ok(Syscall.getxattr(Mount["f"], $"user.{length}", read, (ulong)read.Length)));
            Assert.Equal(value, read[..length]);
            Assert.Equal(length, Posix.Ok(Syscall.getxattr(Mount["f"], $"user.{length}", null!, 0)));
        }

        Posix.Ok(Syscall.listxattr(Mount["f"], out string[] names));
        Assert.Equal(["user.0", "user.1", "user.255", "user.4096", "user.65536"], names.Order(StringComparer.Ordinal));
    }

    [MountedFact]
    public void SetXattr_CreateAndReplace_RefuseTheWrongCase()
    {
        Posix.Fails(Errno.ENODATA, Syscall.setxattr(Mount["f"], "user.a", [1], 1, XattrFlags.XATTR_REPLACE));
        Posix.Ok(Syscall.setxattr(Mount["f"], "user.a", [1], 1, XattrFlags.XATTR_CREATE));
        Posix.Fails(Errno.EEXIST, Syscall.setxattr(Mount["f"], "user.a", [2], 1, XattrFlags.XATTR_CREATE));
        Posix.Ok(Syscall.setxattr(Mount["f"], "user.a", [2, 3], 2, XattrFlags.XATTR_REPLACE));
        byte[] read = new byte[1];
        Posix.Fails(Errno.ERANGE, Syscall.getxattr(Mount["f"], "user.a", read, 1));
    }

    [MountedFact]
    public void RemoveXattr_Twice_IsEnodata()
    {
        Posix.Ok(Syscall.setxattr(Mount["f"], "user.a", [1], 1, 0));
        Posix.Ok(Syscall.removexattr(Mount["f"], "user.a"));
        Posix.Fails(Errno.ENODATA, Syscall.removexattr(Mount["f"], "user.a"));
        Posix.Fails(Errno.ENODATA, Syscall.getxattr(Mount["f"], "user.a", new byte[1], 1));
        Assert.Equal(0, Posix.Ok(Syscall.listxattr(Mount["f"], out _)));
    }

    [MountedFact]
    public void SetXattr_AclOrUnknownNamespace_IsNotSupported()
    {
        Posix.Fails(Errno.EOPNOTSUPP, Syscall.setxattr(Mount["f"], "system.posix_acl_access", new byte[4], 4, 0));
        Posix.Fails(Errno.EOPNOTSUPP, Syscall.getxattr(Mount["f"], "system.posix_acl_access", new byte[4], 4));
        Posix.Fails(Errno.EOPNOTSUPP, Syscall.setxattr(Mount["f"], "other.a", [1], 1, 0));
    }

    [RootFact]
    public void SetXattr_Trusted_IsSeenByRootAlone()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Ok(Syscall.setxattr(Mount["f"], "trusted.a", [1], 1, 0));
        Posix.Ok(Syscall.listxattr(Mount["f"], out string[] names));
        Assert.Equal(["trusted.a"], names);
    }
}
