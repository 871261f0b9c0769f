using Xunit;

namespace VfsBlock.Interop.Tests;

public sealed class ErrnoTextTests
{
    [Fact]
    public void Describe_KnownErrno_GivesNameNumberAndText() =>
        Assert.Equal("ENOENT (2: No such file or directory)", ErrnoText.Describe(Errno.ENOENT));

    [Fact]
    public void Describe_UnknownNumber_SaysSo() =>
        Assert.StartsWith("unknown errno (4000:", ErrnoText.Describe((Errno)4000), StringComparison.Ordinal);

    [Fact]
    public void Describe_None_SaysNoError() => Assert.Equal("no error", ErrnoText.Describe(Errno.None));
}
