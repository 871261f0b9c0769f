namespace VfsBlock.Interop;

/// <summary>What an AIO request does: <c>IOCB_CMD_</c> of include/uapi/linux/aio_abi.h. 4 is unassigned.</summary>
public enum AioOpcode : ushort
{
    /// <summary>IOCB_CMD_PREAD: pread(2) into one piece of memory.</summary>
    Read = 0,

    /// <summary>IOCB_CMD_PWRITE: pwrite(2) from one piece of memory.</summary>
    Write = 1,

    /// <summary>IOCB_CMD_FSYNC: fsync(2). Buffer, length, offset and <see cref="RwFlags"/> must be 0.</summary>
    Sync = 2,

    /// <summary>IOCB_CMD_FDSYNC: fdatasync(2). Buffer, length, offset and <see cref="RwFlags"/> must be 0.</summary>
    DataSync = 3,

    /// <summary>IOCB_CMD_POLL: one event when the descriptor is ready; the buffer field holds the POLL bits.</summary>
    Poll = 5,

    /// <summary>IOCB_CMD_NOOP: has a number, but Linux refuses it with EINVAL.</summary>
    NoOperation = 6,

    /// <summary>IOCB_CMD_PREADV: preadv(2); the length field counts <see cref="IoVec"/>s.</summary>
    ReadVectored = 7,

    /// <summary>IOCB_CMD_PWRITEV: pwritev(2); the length field counts <see cref="IoVec"/>s.</summary>
    WriteVectored = 8,
}
