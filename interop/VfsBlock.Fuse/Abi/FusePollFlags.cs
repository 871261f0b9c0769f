namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FusePollIn.Flags"/> (FUSE_POLL_).</summary>
[Flags]
public enum FusePollFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Send <see cref="FuseNotifyCode.Poll"/> once an event holds.</summary>
    ScheduleNotify = 1u << 0,
}
