using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>A point in time as the format stores it: signed seconds since 1970 (8 bytes), nanoseconds (4 bytes). Any thread.</summary>
internal static class UnixTime
{
    private const int TicksToNanoseconds = 100;

    public static void Write(Span<byte> to, DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        BinaryPrimitives.WriteInt64LittleEndian(to, seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], (uint)(rest * TicksToNanoseconds));
    }

    /// <summary>The time; the nearest that .NET can express.</summary>
    public static DateTimeOffset Read(ReadOnlySpan<byte> from)
    {
        long seconds = Math.Clamp(
            BinaryPrimitives.ReadInt64LittleEndian(from),
            DateTimeOffset.MinValue.ToUnixTimeSeconds(),
            DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 1);
        uint nanoseconds = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(from[8..]), 999_999_999);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TicksToNanoseconds);
    }
}
