using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A few bytes of the user that change with each commit: where the user's own structures begin.</summary>
public sealed partial class BlockFile
{
    /// <summary>The control data, as last set; as last committed after opening.</summary>
    public byte[] ControlData()
    {
        lock (_gate)
        {
            return (byte[])_controlData.Clone();
        }
    }

    /// <summary>Replaces the control data and commits: on return it is durable, and with it everything done before.</summary>
    /// <param name="data">0 to <see cref="MaxControlDataBytes"/> bytes; nothing of the old data stays.</param>
    /// <returns>EINVAL if it is too long; else as <see cref="Sync"/>.</returns>
    public Errno SetControlData(ReadOnlySpan<byte> data)
    {
        Errno error = SetControlDataNoSync(data);
        return error == Errno.None ? Sync() : error;
    }

    /// <summary>Replaces the control data; the next commit makes it durable.</summary>
    /// <param name="data">0 to <see cref="MaxControlDataBytes"/> bytes; nothing of the old data stays.</param>
    /// <returns>EINVAL if it is too long; EROFS; EIO.</returns>
    public Errno SetControlDataNoSync(ReadOnlySpan<byte> data)
    {
        Errno error = data.Length > MaxControlDataBytes ? Errno.EINVAL : CheckWritable();
        if (error == Errno.None)
        {
            lock (_gate)
            {
                _controlData = data.ToArray();
            }
        }

        return error;
    }
}
