using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The label, which is the only thing in a superblock that changes.</summary>
public sealed partial class BlockFile
{
    /// <summary>The image's label.</summary>
    public string Label => _superblock.Label;

    /// <summary>Changes the label. It is durable on return; a crash in between leaves the old one or the new one.</summary>
    /// <param name="label">At most 64 bytes of UTF-8.</param>
    /// <returns>EINVAL if it is longer or has a NUL; EROFS; EIO.</returns>
    public Errno SetLabel(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (Encoding.UTF8.GetByteCount(label) > Superblock.MaxLabelBytes || label.Contains('\0', StringComparison.Ordinal))
        {
            return Errno.EINVAL;
        }

        Errno error = CheckWritable();
        if (error != Errno.None)
        {
            return error;
        }

        lock (_commitLock)
        {
            Superblock changed = _superblock with { Label = label };
            using var page = new NativeBuffer(Superblock.SizeBytes);
            changed.Encode(page.Span);

            // One after the other: a torn write leaves the other copy whole.
            error = WriteAndFlush(page.Span, 0);
            error = error == Errno.None ? WriteAndFlush(page.Span, ImageLayout.SuperblockCopyOffsetBytes) : error;
            if (error != Errno.None)
            {
                return Fail("its label", error);
            }

            _superblock = changed;
            return Errno.None;
        }
    }

    private Errno WriteAndFlush(ReadOnlySpan<byte> page, long offsetBytes)
    {
        Errno error = _device.Write(page, offsetBytes).Error;
        return error == Errno.None ? _device.Flush() : error;
    }
}
