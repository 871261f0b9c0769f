using System.Globalization;
using System.Text;

namespace VfsBlock.Fuse;

/// <summary>
/// How a FUSE file system is mounted: everything that the kernel or fusermount3 takes. What the file system itself
/// understands is not here; <see cref="ParsedMountOptions.Unknown"/> hands that to the caller.
/// </summary>
/// <remarks>
/// Immutable. The defaults are those of fusermount3: no set-user-id programs and no device nodes on the mount, whoever
/// made it. Sources: mount(8), mount.fuse3(8), the kernel's fs/fuse/inode.c.
/// </remarks>
public sealed record MountOptions
{
    /// <summary><c>fsname=</c>, <c>source=</c>: what df(1) shows in the first column; "vfsblock" unless told.</summary>
    public string Source { get; init; } = "vfsblock";

    /// <summary><c>subtype=</c>: the type shows as <c>fuse.SUBTYPE</c>; null for plain <c>fuse</c>.</summary>
    public string? Subtype { get; init; }

    /// <summary><c>allow_other</c>: users other than the mounting one may enter. Without it even root may not.</summary>
    public bool AllowOther { get; init; }

    /// <summary><c>default_permissions</c>: the kernel checks mode, owner and group; else the file system must.</summary>
    public bool DefaultPermissions { get; init; }

    /// <summary><c>max_read=</c>: the longest read request in bytes, 4096 or more; null for what INIT agrees on.</summary>
    public uint? MaxReadBytes { get; init; }

    /// <summary><c>blksize=</c>: block size in bytes, 512 or more; only with <see cref="BlockDevice"/>.</summary>
    public uint? BlockSizeBytes { get; init; }

    /// <summary><c>blkdev</c>: type <c>fuseblk</c>, and <see cref="Source"/> is a block device. For root only.</summary>
    public bool BlockDevice { get; init; }

    /// <summary><c>ro</c> (true) or <c>rw</c>.</summary>
    public bool ReadOnly { get; init; }

    /// <summary><c>suid</c> (true) or <c>nosuid</c>: whether set-user-id bits mean anything.</summary>
    public bool AllowSetUserId { get; init; }

    /// <summary><c>dev</c> (true) or <c>nodev</c>: whether device nodes mean anything.</summary>
    public bool AllowDevices { get; init; }

    /// <summary><c>exec</c> (true) or <c>noexec</c>: whether programs may be run.</summary>
    public bool AllowExecution { get; init; } = true;

    /// <summary><c>relatime</c>, <c>noatime</c> or <c>strictatime</c>; fusermount3 knows only the first two.</summary>
    public AccessTimeMode AccessTime { get; init; }

    /// <summary><c>nodiratime</c>: access times of directories stay as they are. fusermount3 does not know it.</summary>
    public bool NoDirectoryAccessTime { get; init; }

    /// <summary><c>sync</c> (true) or <c>async</c>: every write is durable when it returns.</summary>
    public bool Synchronous { get; init; }

    /// <summary><c>dirsync</c>: every change to a directory is durable when it returns.</summary>
    public bool DirectorySynchronous { get; init; }

    /// <summary>
    /// <c>auto_unmount</c>: fusermount3 stays alive and unmounts when this process ends, however it ends. It forces the
    /// fusermount3 way, and nosuid and nodev with it.
    /// </summary>
    public bool AutoUnmount { get; init; }

    /// <summary>The type in the kernel's words: <c>fuse</c> or <c>fuseblk</c>, without the subtype.</summary>
    internal string KernelType => BlockDevice ? "fuseblk" : "fuse";

    /// <summary>What contradicts itself in these options, in words; empty if nothing does.</summary>
    public IReadOnlyList<string> FindConflicts()
    {
        var conflicts = new List<string>();
        if (BlockSizeBytes is not null && !BlockDevice)
        {
            conflicts.Add("blksize= needs blkdev: the kernel takes a block size only for type fuseblk");
        }

        if (BlockDevice && !Source.StartsWith('/'))
        {
            conflicts.Add($"blkdev needs fsname= to be a block device, '{Source}' is none");
        }

        if (AutoUnmount && (AllowSetUserId || AllowDevices))
        {
            conflicts.Add("auto_unmount goes with neither suid nor dev: fusermount3 mounts nosuid,nodev for it");
        }

        return conflicts;
    }

    /// <summary>
    /// The options as a <c>-o</c> string: <see cref="MountOptionParser.Parse"/> gives back an equal record. Commas and
    /// backslashes inside values carry a backslash.
    /// </summary>
    public override string ToString()
    {
        List<string> words =
        [
            ReadOnly ? "ro" : "rw",
            AllowSetUserId ? "suid" : "nosuid",
            AllowDevices ? "dev" : "nodev",
        ];
        void AddIf(bool condition, string word)
        {
            if (condition)
            {
                words.Add(word);
            }
        }

        AddIf(!AllowExecution, "noexec");
        AddIf(AccessTime == AccessTimeMode.Never, "noatime");
        AddIf(AccessTime == AccessTimeMode.Strict, "strictatime");
        AddIf(NoDirectoryAccessTime, "nodiratime");
        AddIf(Synchronous, "sync");
        AddIf(DirectorySynchronous, "dirsync");
        AddIf(AllowOther, "allow_other");
        AddIf(DefaultPermissions, "default_permissions");
        AddIf(AutoUnmount, "auto_unmount");
        AddIf(BlockDevice, "blkdev");
        AddIf(MaxReadBytes is not null, string.Create(CultureInfo.InvariantCulture, $"max_read={MaxReadBytes}"));
        AddIf(BlockSizeBytes is not null, string.Create(CultureInfo.InvariantCulture, $"blksize={BlockSizeBytes}"));
        AddIf(Subtype is not null, $"subtype={Escape(Subtype ?? "")}");
        words.Add($"fsname={Escape(Source)}");
        return string.Join(',', words);
    }

    /// <summary>The <c>-o</c> string for fusermount3, which refuses options that it does not know.</summary>
    internal string ToFusermountString()
    {
        AccessTimeMode known = AccessTime == AccessTimeMode.Strict ? AccessTimeMode.Relative : AccessTime;
        return (this with { AccessTime = known, NoDirectoryAccessTime = false }).ToString();
    }

    /// <summary>The parameters of fsconfig(2); a null value is a flag.</summary>
    /// <param name="device">The number of the open /dev/fuse descriptor.</param>
    /// <param name="userId">The mounting user, who alone may enter without allow_other.</param>
    /// <param name="groupId">The group of that user.</param>
    internal IReadOnlyList<(string Key, string? Value)> ToKernelParameters(int device, uint userId, uint groupId)
    {
        static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
        List<(string Key, string? Value)> parameters =
        [
            ("source", Source),
            ("fd", device.ToString(CultureInfo.InvariantCulture)),
            ("rootmode", RootModeOctal),
            ("user_id", Number(userId)),
            ("group_id", Number(groupId)),
        ];
        void AddIf(bool condition, string key, string? value = null)
        {
            if (condition)
            {
                parameters.Add((key, value));
            }
        }

        AddIf(Subtype is not null, "subtype", Subtype);
        AddIf(AllowOther, "allow_other");
        AddIf(DefaultPermissions, "default_permissions");
        AddIf(MaxReadBytes is not null, "max_read", Number(MaxReadBytes.GetValueOrDefault()));
        AddIf(BlockSizeBytes is not null, "blksize", Number(BlockSizeBytes.GetValueOrDefault()));
        AddIf(ReadOnly, "ro");
        AddIf(Synchronous, "sync");
        AddIf(DirectorySynchronous, "dirsync");
        return parameters;
    }

    /// <summary>The <c>MOUNT_ATTR_</c> bits of fsmount(2) (linux/mount.h).</summary>
    internal uint ToMountAttributes()
    {
        uint attributes = AccessTime switch
        {
            AccessTimeMode.Never => 0x10,
            AccessTimeMode.Strict => 0x20,
            _ => 0,
        };
        attributes |= ReadOnly ? 0x1u : 0;
        attributes |= AllowSetUserId ? 0 : 0x2u;
        attributes |= AllowDevices ? 0 : 0x4u;
        attributes |= AllowExecution ? 0 : 0x8u;
        attributes |= NoDirectoryAccessTime ? 0x80u : 0;
        return attributes;
    }

    // S_IFDIR; the permission bits come from the file system's own root.
    private const string RootModeOctal = "40000";

    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (char letter in value)
        {
            escaped.Append(letter is ',' or '\\' ? "\\" : "").Append(letter);
        }

        return escaped.ToString();
    }
}
