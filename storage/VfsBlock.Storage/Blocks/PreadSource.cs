using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Blocks by plain reads: the device is never mapped. Holds no state; see <see cref="IBlockSource"/>.</summary>
internal sealed class PreadSource(IBlockDevice device, ImageLayout layout) : IBlockSource
{
    public nint Address => 0;

    public nint Locate(ulong block) => 0;

    public nint ViewOf(ulong first, int blockCount) => 0;

    public Errno Load(ulong first, int blockCount, Span<byte> buffer)
    {
        IoResult result = device.Read(buffer, layout.BytesOf(first));
        return result.Bytes == buffer.Length ? Errno.None : Errno.EIO;
    }

    public void Remember(ulong first, int blockCount)
    {
    }

    public void Forget(ulong first, int blockCount)
    {
    }

    public void Dispose()
    {
    }
}
