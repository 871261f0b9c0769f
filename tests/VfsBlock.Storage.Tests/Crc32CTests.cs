using System.Text;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>The vectors of RFC 3720 appendix B.4, and the rule that a checksum can be continued.</summary>
public sealed class Crc32CTests
{
    [Theory]
    [InlineData(0x00, 0x8A9136AAu)]
    [InlineData(0xFF, 0x62A8AB43u)]
    public void Compute_32EqualBytes_MatchesRfc3720(byte value, uint expected)
    {
        byte[] data = new byte[32];
        Array.Fill(data, value);
        Assert.Equal(expected, Crc32C.Compute(data));
    }

    [Fact]
    public void Compute_AscendingBytes_MatchesRfc3720()
    {
        byte[] data = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.Equal(0x46DD794Eu, Crc32C.Compute(data));
    }

    [Fact]
    public void Compute_CheckString_MatchesCatalogue() =>
        Assert.Equal(0xE3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Compute_Nothing_IsZero() => Assert.Equal(0u, Crc32C.Compute([]));

    [Fact]
    public void Append_EverySplit_EqualsWhole()
    {
        byte[] data = [.. Enumerable.Range(0, 61).Select(i => (byte)(i * 37))];
        uint whole = Crc32C.Compute(data);
        for (int split = 0; split <= data.Length; split++)
        {
            Assert.Equal(whole, Crc32C.Append(Crc32C.Compute(data.AsSpan(0, split)), data.AsSpan(split)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Crc32C.LanesBytes - 1)]
    [InlineData(Crc32C.LanesBytes)]
    [InlineData(4096)]
    [InlineData((2 * Crc32C.LanesBytes) + 13)]
    [InlineData(16384)]
    public void Append_InLanes_EqualsOneLane(int length)
    {
        byte[] data = new byte[length + 1];
        new Random(length).NextBytes(data);
        foreach (uint checksum in (uint[])[0, 1, 0x80000000, uint.MaxValue])
        {
            Assert.Equal(Crc32C.AppendInOneLane(checksum, data.AsSpan(1)), Crc32C.Append(checksum, data.AsSpan(1)));
        }
    }

    [Fact]
    public void AppendInOneLane_CheckString_MatchesCatalogue() =>
        Assert.Equal(0xE3069283u, Crc32C.AppendInOneLane(0, Encoding.ASCII.GetBytes("123456789")));
}
