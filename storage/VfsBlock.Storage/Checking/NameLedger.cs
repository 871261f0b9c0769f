using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VfsBlock.Storage;

/// <summary>
/// Compares the names that directories list with the names that inodes believe to have, in memory that does not grow with their number. Each name is hashed
/// with a secret of this check, and added on one side, subtracted on the other; buckets that are not zero at the end hold a difference, and only
/// their names are collected, in a second walk.
/// </summary>
/// <remarks>One thread. Nobody who made the image knows the secret, so differences that cancel each other out are chance: one in 2^64.</remarks>
internal sealed class NameLedger
{
    private const int BucketCount = 1 << 16;
    private const int MaxCollected = 1 << 20;

    private readonly HashKey _key = MemoryMarshal.Read<HashKey>(RandomNumberGenerator.GetBytes(16));
    private readonly ulong[] _sums = new ulong[BucketCount];

    /// <summary>True if both sides tell the same.</summary>
    public bool IsBalanced => !_sums.AsSpan().ContainsAnyExcept(0UL);

    /// <summary>Adds what one side says.</summary>
    public void Add(in NameRecord name)
    {
        ulong hash = HashOf(name);
        ref ulong sum = ref _sums[BucketOf(hash)];
        sum = name.Side == NameRecord.FromDirectory ? sum + hash : sum - hash;
    }

    /// <summary>Keeps a name of the second walk if its bucket holds a difference.</summary>
    public void Collect(in NameRecord name, NativeList<NameRecord> names)
    {
        if (names.Count < MaxCollected && _sums[BucketOf(HashOf(name))] != 0)
        {
            names.Add(name);
        }
    }

    // The high bits: the low ones alone would say everything that a bucket says.
    private static int BucketOf(ulong hash) => (int)(hash >> 48);

    private ulong HashOf(in NameRecord name)
    {
        ReadOnlySpan<ulong> fields = [name.Child, name.Parent, name.Sub, name.Type];
        return SipHash.Compute(_key, MemoryMarshal.AsBytes(fields));
    }
}
