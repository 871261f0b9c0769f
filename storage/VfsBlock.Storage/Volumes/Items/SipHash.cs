using System.Buffers.Binary;
using System.Numerics;

namespace VfsBlock.Storage;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): 64 bits that nobody can predict without the key.
/// </summary>
/// <remarks>Stateless; any thread may call it.</remarks>
internal static class SipHash
{
    /// <summary>The hash of <paramref name="data"/>.</summary>
    public static ulong Compute(in HashKey key, ReadOnlySpan<byte> data)
    {
        var state = new State(key);
        ulong last = (ulong)data.Length << 56;
        while (data.Length >= sizeof(ulong))
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        for (int index = 0; index < data.Length; index++)
        {
            last |= (ulong)data[index] << (8 * index);
        }

        state.Absorb(last);
        return state.Finish();
    }

    private ref struct State(in HashKey key)
    {
        // "somepseudorandomlygeneratedbytes", which the paper starts from.
        private ulong _v0 = key.Low ^ 0x736f6d6570736575;
        private ulong _v1 = key.High ^ 0x646f72616e646f6d;
        private ulong _v2 = key.Low ^ 0x6c7967656e657261;
        private ulong _v3 = key.High ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xFF;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v2 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v1;
            _v0 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
