using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse.Tests;

/// <summary>A file, directory or link of <see cref="MemoryPathFileSystem"/>.</summary>
internal sealed class MemoryEntry
{
    private byte[] _data = [];

    public MemoryEntry(mode_t mode)
    {
        Mode = mode;
        Accessed = Modified = Changed = DateTime.UtcNow.ToTimespec();
    }

    public mode_t Mode { get; set; }

    public uint UserId { get; set; } = Mono.Unix.Native.Syscall.geteuid();

    public uint GroupId { get; set; } = Mono.Unix.Native.Syscall.getegid();

    public timespec Accessed { get; set; }

    public timespec Modified { get; set; }

    public timespec Changed { get; set; }

    public int NameCount { get; set; } = 1;

    public int Length { get; private set; }

    public byte[] Target { get; init; } = [];

    public SortedDictionary<string, MemoryEntry> Children { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, byte[]> Attributes { get; } = [];

    public bool IsDirectory => S_ISDIR(Mode);

    public void Touch() => Changed = DateTime.UtcNow.ToTimespec();

    public void Resize(int length)
    {
        if (length > _data.Length)
        {
            Array.Resize(ref _data, Math.Max(length, _data.Length * 2));
        }

        if (length > Length)
        {
            _data.AsSpan(Length, length - Length).Clear();
        }

        Length = length;
        Modified = DateTime.UtcNow.ToTimespec();
        Touch();
    }

    public int Read(ulong offset, Span<byte> buffer)
    {
        ReadOnlySpan<byte> rest = _data.AsSpan(0, Length)[(int)Math.Min(offset, (ulong)Length)..];
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        return rest.Length;
    }

    public int Write(ulong offset, ReadOnlySpan<byte> bytes)
    {
        if (offset > int.MaxValue / 2)
        {
            return -EFBIG;
        }

        Resize(Math.Max(Length, (int)offset + bytes.Length));
        bytes.CopyTo(_data.AsSpan((int)offset));
        return bytes.Length;
    }

    public void Describe(ref stat stat)
    {
        stat.st_mode = Mode;
        stat.st_uid = UserId;
        stat.st_gid = GroupId;
        stat.st_nlink = (ulong)(IsDirectory ? 2 + Children.Values.Count(child => child.IsDirectory) : NameCount);
        stat.st_size = IsDirectory ? 4096 : S_ISLNK(Mode) ? Target.Length : Length;
        stat.st_blocks = (Length + 511) / 512;
        stat.st_blksize = 4096;
        stat.st_atim = Accessed;
        stat.st_mtim = Modified;
        stat.st_ctim = Changed;
    }
}
