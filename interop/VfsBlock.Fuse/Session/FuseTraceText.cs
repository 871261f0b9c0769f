using System.Runtime.InteropServices;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>Puts messages into words. Stateless; any thread may call it.</summary>
internal static class FuseTraceText
{
    private const int LongestNameShown = 255;

    private static readonly (OpenFlags Flag, string Name)[] _openFlags =
    [
        (OpenFlags.WriteOnly, "O_WRONLY"), (OpenFlags.ReadWrite, "O_RDWR"), (OpenFlags.Create, "O_CREAT"),
        (OpenFlags.Exclusive, "O_EXCL"), (OpenFlags.Truncate, "O_TRUNC"), (OpenFlags.Append, "O_APPEND"),
        (OpenFlags.NonBlocking, "O_NONBLOCK"), (OpenFlags.DataSync, "O_DSYNC"), (OpenFlags.Direct, "O_DIRECT"),
        (OpenFlags.LargeFile, "O_LARGEFILE"), (OpenFlags.Directory, "O_DIRECTORY"), (OpenFlags.NoFollow, "O_NOFOLLOW"),
        (OpenFlags.NoAccessTime, "O_NOATIME"), (OpenFlags.CloseOnExec, "O_CLOEXEC"), (OpenFlags.SyncBit, "O_SYNC"),
    ];

    /// <summary>The opcode's name in the kernel's spelling, or its number.</summary>
    public static string Name(FuseOpcode opcode) =>
        Enum.IsDefined(opcode) ? opcode.ToString().ToUpperInvariant() : $"opcode {(uint)opcode}";

    /// <summary>What the request asks, beyond its node.</summary>
    public static void AppendArguments(StringBuilder line, scoped in FuseRequestReader reader)
    {
        AppendName(line, reader.Name);
        AppendName(line, reader.SecondName);
        switch (reader.Header.Opcode)
        {
            case FuseOpcode.Read or FuseOpcode.ReadDir or FuseOpcode.ReadDirPlus:
                FuseReadIn read = reader.Argument<FuseReadIn>();
                AppendRange(line, read.FileHandle, read.Offset, read.Size);
                break;
            case FuseOpcode.Write:
                FuseWriteIn write = reader.Argument<FuseWriteIn>();
                AppendRange(line, write.FileHandle, write.Offset, write.Size);
                AppendFlags(line, write.WriteFlags);
                break;
            case FuseOpcode.SetAttr:
                AppendSetAttr(line, reader.Argument<FuseSetAttrIn>());
                break;
            case FuseOpcode.Open or FuseOpcode.OpenDir:
                AppendOpenFlags(line, reader.Argument<FuseOpenIn>().Flags);
                break;
            case FuseOpcode.Create or FuseOpcode.TmpFile:
                FuseCreateIn create = reader.Argument<FuseCreateIn>();
                AppendOpenFlags(line, create.Flags);
                AppendMode(line, create.Mode);
                break;
            case FuseOpcode.Mknod:
                AppendMode(line, reader.Argument<FuseMknodIn>().Mode);
                break;
            case FuseOpcode.Mkdir:
                AppendMode(line, reader.Argument<FuseMkdirIn>().Mode);
                break;
            default:
                AppendOthers(line, reader);
                break;
        }
    }

    /// <summary>What a successful reply says.</summary>
    public static unsafe void AppendReply(StringBuilder line, FuseSlot slot, int lengthBytes)
    {
        var body = new ReadOnlySpan<byte>((void*)slot.BodyAddress, lengthBytes);
        switch (slot.Request.Opcode)
        {
            case FuseOpcode.Lookup or FuseOpcode.SymLink or FuseOpcode.Mknod or FuseOpcode.Mkdir or FuseOpcode.Link
                or FuseOpcode.Create or FuseOpcode.TmpFile:
                FuseEntryOut entry = MemoryMarshal.Read<FuseEntryOut>(body);
                line.Append(": node ").Append(entry.NodeId);
                AppendMode(line, entry.Attr.Mode);
                line.Append(" size ").Append(entry.Attr.Size);
                break;
            case FuseOpcode.GetAttr or FuseOpcode.SetAttr:
                FuseAttr attr = MemoryMarshal.Read<FuseAttrOut>(body).Attr;
                line.Append(':');
                AppendMode(line, attr.Mode);
                line.Append(" size ").Append(attr.Size);
                break;
            case FuseOpcode.Write:
                line.Append(": wrote ").Append(MemoryMarshal.Read<FuseWriteOut>(body).Size);
                break;
            case FuseOpcode.ReadLink:
                line.Append(':');
                AppendName(line, body);
                break;
            case FuseOpcode.Init:
                line.Append(": 7.").Append(MemoryMarshal.Read<uint>(body[sizeof(uint)..]));
                break;
        }
    }

    private static void AppendOthers(StringBuilder line, scoped in FuseRequestReader reader)
    {
        switch (reader.Header.Opcode)
        {
            case FuseOpcode.Init:
                FuseInitIn init = reader.Argument<FuseInitIn>();
                line.Append(' ').Append(init.Major).Append('.').Append(init.Minor);
                AppendFlags(line, init.Offered());
                break;
            case FuseOpcode.Rename:
                line.Append(" to node ").Append(reader.Argument<FuseRenameIn>().NewDirectory);
                break;
            case FuseOpcode.Rename2:
                FuseRename2In rename = reader.Argument<FuseRename2In>();
                line.Append(" to node ").Append(rename.NewDirectory).Append(" flags ").Append(rename.Flags);
                break;
            case FuseOpcode.Link:
                line.Append(" to node ").Append(reader.Argument<FuseLinkIn>().OldNodeId);
                break;
            case FuseOpcode.Forget:
                line.Append(" count ").Append(reader.Argument<FuseForgetIn>().LookupCount);
                break;
            case FuseOpcode.BatchForget:
                line.Append(" of ").Append(reader.Forgets.Length).Append(" nodes");
                break;
            case FuseOpcode.Interrupt:
                line.Append(" of ").Append(reader.Argument<FuseInterruptIn>().Unique);
                break;
            case FuseOpcode.GetXattr or FuseOpcode.ListXattr:
                line.Append(" room ").Append(reader.Argument<FuseGetXattrIn>().Size);
                break;
            case FuseOpcode.Fsync or FuseOpcode.FsyncDir:
                AppendFlags(line, reader.Argument<FuseFsyncIn>().FsyncFlags);
                break;
            case FuseOpcode.Fallocate:
                FuseFallocateIn allocate = reader.Argument<FuseFallocateIn>();
                AppendRange(line, allocate.FileHandle, allocate.Offset, allocate.Length);
                line.Append(" mode ").Append(allocate.Mode);
                break;
            case FuseOpcode.Lseek:
                FuseLseekIn seek = reader.Argument<FuseLseekIn>();
                line.Append(" offset ").Append(seek.Offset).Append(" whence ").Append(seek.Whence);
                break;
            case FuseOpcode.CopyFileRange or FuseOpcode.CopyFileRange64:
                FuseCopyFileRangeIn copy = reader.Argument<FuseCopyFileRangeIn>();
                line.Append(" from ").Append(copy.InOffset).Append(" to node ").Append(copy.OutNodeId)
                    .Append(" offset ").Append(copy.OutOffset).Append(" length ").Append(copy.Length);
                break;
            case FuseOpcode.Ioctl:
                line.Append(" command 0x").Append(reader.Argument<FuseIoctlIn>().Command.ToString("x", null));
                break;
            case FuseOpcode.SetXattr:
                line.Append(' ').Append(reader.Data.Length).Append(" bytes");
                break;
        }
    }

    private static void AppendSetAttr(StringBuilder line, in FuseSetAttrIn set)
    {
        AppendFlags(line, set.Valid);
        if (set.Valid.HasFlag(FuseSetAttrValid.Mode))
        {
            AppendMode(line, set.Mode);
        }

        if (set.Valid.HasFlag(FuseSetAttrValid.Size))
        {
            line.Append(" size ").Append(set.Size);
        }
    }

    private static void AppendRange(StringBuilder line, ulong handle, ulong offset, ulong size)
    {
        line.Append(" offset ").Append(offset).Append(" size ").Append(size);
        if (handle != 0)
        {
            line.Append(" handle ").Append(handle);
        }
    }

    private static void AppendFlags<T>(StringBuilder line, T flags)
        where T : struct, Enum
    {
        string text = flags.ToString();
        if (text != "None")
        {
            line.Append(" [").Append(text).Append(']');
        }
    }

    private static void AppendOpenFlags(StringBuilder line, uint kernelFlags)
    {
        OpenFlags flags = OpenFlagNumbers.FromKernel((int)kernelFlags);
        line.Append(" [");
        if ((flags & OpenFlags.AccessMode) == OpenFlags.ReadOnly)
        {
            line.Append("O_RDONLY|");
        }

        foreach ((OpenFlags flag, string name) in _openFlags)
        {
            if ((flags & flag) != 0)
            {
                line.Append(name).Append('|');
                flags &= ~flag;
            }
        }

        if (flags != 0)
        {
            line.Append("0x").Append(((uint)flags).ToString("x", null)).Append('|');
        }

        line.Length--;
        line.Append(']');
    }

    private static void AppendMode(StringBuilder line, uint mode) => line.Append(" mode 0").Append(Convert.ToString(mode, 8));

    /// <summary>A name in quotes, with everything that is not printable ASCII escaped, so that it cannot forge a line.</summary>
    private static void AppendName(StringBuilder line, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return;
        }

        line.Append(" \"");
        foreach (byte letter in name[..Math.Min(name.Length, LongestNameShown)])
        {
            switch (letter)
            {
                case (byte)'"' or (byte)'\\':
                    line.Append('\\').Append((char)letter);
                    break;
                case < 0x20 or >= 0x7f:
                    line.Append("\\x").Append(letter.ToString("x2", null));
                    break;
                default:
                    line.Append((char)letter);
                    break;
            }
        }

        line.Append(name.Length > LongestNameShown ? "\"..." : "\"");
    }
}
