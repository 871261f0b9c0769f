namespace VfsBlock.Interop;

/// <summary>Which optional fields of an <see cref="AioRequestBlock"/> count: <c>IOCB_FLAG_</c> of linux/aio_abi.h.</summary>
/// <remarks>Linux ignores bits it does not know.</remarks>
[Flags]
public enum AioFlags : uint
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>IOCB_FLAG_RESFD: raise the eventfd in <see cref="AioRequestBlock.EventDescriptor"/> once the event is queued.</summary>
    NotifyEventFd = 1,

    /// <summary>IOCB_FLAG_IOPRIO: <see cref="AioRequestBlock.Priority"/> is an I/O priority, see ioprio_set(2).</summary>
    HasPriority = 2,
}
