using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>Writes to a descriptor that its maker keeps open.</summary>
internal readonly unsafe struct SystemWrite(int descriptor) : ISystemTransfer
{
    /// <inheritdoc/>
    public static RwFlags PerCallFlags => RwFlags.NoWait | RwFlags.Atomic | RwFlags.Append;

    /// <inheritdoc/>
    public static Errno NothingMoved => Errno.EIO;

    /// <inheritdoc/>
    /// <remarks>A single piece without flags takes the plain call, which spares the kernel copying the list.</remarks>
    public long Call(ReadOnlySpan<IoVec> vectors, long offsetBytes, RwFlags flags)
    {
        if (vectors.Length == 1 && flags == RwFlags.None)
        {
            void* address = (void*)vectors[0].Address;
            return offsetBytes == TransferLoop.OwnPosition
                ? Libc.Write(descriptor, address, vectors[0].LengthBytes)
                : Libc.PWrite(descriptor, address, vectors[0].LengthBytes, offsetBytes);
        }

        fixed (IoVec* first = vectors)
        {
            return Libc.PWriteV2(descriptor, first, vectors.Length, offsetBytes, flags);
        }
    }
}
