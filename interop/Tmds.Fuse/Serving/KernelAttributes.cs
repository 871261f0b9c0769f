using Tmds.Linux;
using VfsBlock.Fuse;

namespace Tmds.Fuse;

/// <summary>Turns C's structs into the kernel's. Stateless.</summary>
internal static class KernelAttributes
{
    public static void Write(in stat stat, ref FuseAttr attributes)
    {
        attributes.Inode = stat.st_ino;
        attributes.Size = (ulong)stat.st_size.Value;
        attributes.Blocks = (ulong)stat.st_blocks.Value;
        attributes.AtimeSeconds = (ulong)stat.st_atim.tv_sec.Value;
        attributes.MtimeSeconds = (ulong)stat.st_mtim.tv_sec.Value;
        attributes.CtimeSeconds = (ulong)stat.st_ctim.tv_sec.Value;
        attributes.AtimeNanoseconds = (uint)stat.st_atim.tv_nsec.Value;
        attributes.MtimeNanoseconds = (uint)stat.st_mtim.tv_nsec.Value;
        attributes.CtimeNanoseconds = (uint)stat.st_ctim.tv_nsec.Value;
        attributes.Mode = (uint)stat.st_mode;
        attributes.LinkCount = (uint)stat.st_nlink.Value;
        attributes.Uid = stat.st_uid;
        attributes.Gid = stat.st_gid;

        // C's encoding of a device and the kernel's agree in the low 32 bits, which is all that the kernel takes.
        attributes.DeviceId = (uint)stat.st_rdev.Value;
        attributes.BlockSize = (uint)stat.st_blksize.Value;
    }

    public static void Write(in statvfs space, ref FuseStatfsOut reply)
    {
        reply.Blocks = space.f_blocks;
        reply.BlocksFree = space.f_bfree;
        reply.BlocksAvailable = space.f_bavail;
        reply.Files = space.f_files;
        reply.FilesFree = space.f_ffree;
        reply.BlockSize = (uint)space.f_bsize.Value;
        reply.FragmentSize = (uint)space.f_frsize.Value;
        reply.NameLength = (uint)space.f_namemax.Value;
    }

    /// <summary>A time to remember, as whole seconds and nanoseconds.</summary>
    public static (ulong Seconds, uint Nanoseconds) Duration(TimeSpan time) =>
        ((ulong)(time.Ticks / TimeSpan.TicksPerSecond), (uint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
}
