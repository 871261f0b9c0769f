using System.Text;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Security labels and groups behind the names of a request that creates a file.</summary>
public sealed class FuseRequestExtensionsTests
{
    // fuse_ext_header {16, 32}, fuse_supp_groups {1}, gid 1234.
    private const string Groups = "10000000 20000000 01000000 d2040000";

    // fuse_secctx_header {56, 2}; {3} "security.selinux" "a:b", to 32 bytes; {1} "user.x" "z", to 16 bytes.
    private const string Labels =
        "38000000 02000000" +
        "03000000 00000000 73656375726974792e73656c696e757800 613a62 00000000" +
        "01000000 00000000 757365722e7800 7a";

    // fuse_secctx_header {8, 0}: what a kernel sends that has no label to give.
    private const string NoLabel = "08000000 00000000";

    [Fact]
    public void Read_Groups_AreGiven()
    {
        FuseRequestReader request = Read(Groups);

        Assert.Equal([1234u], request.Extensions.SupplementaryGroups.ToArray());
        Assert.Equal(0u, request.Extensions.SecurityLabels.RemainingCount);
        Assert.Equal("hello", Encoding.UTF8.GetString(request.Name));
    }

    [Fact]
    public void Read_Labels_AreGivenInOrder()
    {
        FuseRequestReader request = Read(Labels);
        FuseSecurityLabels labels = request.Extensions.SecurityLabels;

        Assert.Equal(2u, labels.RemainingCount);
        Assert.Equal(Errno.None, labels.ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value));
        Assert.Equal("security.selinux=a:b", $"{Encoding.UTF8.GetString(name)}={Encoding.UTF8.GetString(value)}");
        Assert.Equal(Errno.None, labels.ReadNext(out name, out value));
        Assert.Equal("user.x=z", $"{Encoding.UTF8.GetString(name)}={Encoding.UTF8.GetString(value)}");
        Assert.Equal(0u, labels.RemainingCount);
        Assert.Equal(Errno.EIO, labels.ReadNext(out _, out _));
    }

    [Fact]
    public void Read_LabelsThenGroups_AreBothGiven()
    {
        FuseRequestReader request = Read(Labels + Groups);

        Assert.Equal(2u, request.Extensions.SecurityLabels.RemainingCount);
        Assert.Equal([1234u], request.Extensions.SupplementaryGroups.ToArray());
    }

    [Fact]
    public void Read_EmptyLabelHeaderAndUnknownKind_ArePassedOver()
    {
        FuseRequestReader request = Read(NoLabel + "10000000 63000000 ffffffff ffffffff" + Groups);

        Assert.Equal(0u, request.Extensions.SecurityLabels.RemainingCount);
        Assert.Equal([1234u], request.Extensions.SupplementaryGroups.ToArray());
    }

    [Theory]
    [InlineData("07000000 20000000 01000000 d2040000")] // shorter than its own header
    [InlineData("18000000 20000000 01000000 d2040000")] // longer than what is there
    [InlineData("ffffffff 20000000 01000000 d2040000")]
    [InlineData("08000000 20000000")] // groups without a count
    [InlineData("10000000 20000000 02000000 d2040000")] // more groups than fit
    [InlineData("10000000 20000000 ffffffff d2040000")]
    [InlineData("08000000 01000000")] // a label that is not there
    [InlineData("18000000 01000000 08000000 00000000 6e616d6500 616263")] // its value too long
    [InlineData("18000000 01000000 04000000 00000000 6e616d6500 616263")] // by one byte
    [InlineData("18000000 01000000 ffffffff 00000000 6e616d6500 616263")]
    [InlineData("18000000 01000000 00000000 00000000 6e616d65 6e616d65")] // its name without a NUL
    [InlineData("18000000 01000000 01000000 00000000 00 7878787878 7878")] // its name empty
    [InlineData("18000000 02000000 03000000 00000000 6e616d6500 616263")] // one of two
    public void Read_ExtensionsThatDoNotAddUp_AreRefused(string hex)
    {
        Assert.Equal(Errno.EIO, FuseRequestReader.Read(Vector(hex).Message, FuseDialect.Newest, out _));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0xffff)]
    public void Read_MoreUnitsThanTheBody_AreRefused(int units)
    {
        // The body has 6 bytes of name and 8 of extension.
        RequestVector vector = RequestVectors.Of(FuseOpcode.Create).WithExtensions(Convert.FromHexString("0800000000000000"), units);

        Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out _));
        Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Header, vector.Argument, vector.Body, FuseDialect.Newest, out _));
    }

    [Fact]
    public void Read_FewerUnitsThanSent_LeaveBytesAfterTheNameAndAreRefused()
    {
        RequestVector vector = RequestVectors.Of(FuseOpcode.Create).WithExtensions(Bytes(Groups), units: 1);

        Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out _));
    }

    private static FuseRequestReader Read(string hex)
    {
        Assert.Equal(Errno.None, FuseRequestReader.Read(Vector(hex).Message, FuseDialect.Newest, out FuseRequestReader request));
        return request;
    }

    private static RequestVector Vector(string hex)
    {
        byte[] extensions = Bytes(hex);
        return RequestVectors.Of(FuseOpcode.Create).WithExtensions(extensions, extensions.Length / 8);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
