using Xunit;

namespace VfsBlock.Storage.Tests.Volumes.Items;

public sealed class SipHashTests
{
    // Appendix A of the paper: the key 00 01 .. 0f.
    private static readonly HashKey _paperKey = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);

    [Fact]
    public void Compute_ExampleOfThePaper_IsItsHash()
    {
        byte[] data = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
        Assert.Equal(0xa129ca6149be45e5UL, SipHash.Compute(_paperKey, data));
    }

    [Fact]
    public void Compute_Prefixes_AllDiffer()
    {
        byte[] zeros = new byte[64];
        HashSet<ulong> hashes = [];
        for (int length = 0; length <= zeros.Length; length++)
        {
            Assert.True(hashes.Add(SipHash.Compute(_paperKey, zeros.AsSpan(0, length))));
        }
    }

    [Fact]
    public void Compute_OtherKey_IsAnotherHash() =>
        Assert.NotEqual(SipHash.Compute(_paperKey, "name"u8), SipHash.Compute(default, "name"u8));
}
