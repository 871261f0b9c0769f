using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse.Tests;

/// <content>Open files, data and extended attributes.</content>
public partial class MemoryPathFileSystem
{
    public override int Create(ReadOnlySpan<byte> path, mode_t mode, ref FuseFileInfo fi)
    {
        var entry = new MemoryEntry(S_IFREG | mode);
        int error = Add(nameof(Create), path, entry);
        return error == 0 ? Open(entry, ref fi) : error;
    }

    public override int Open(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
        Note(nameof(Open), path);
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            if (error != 0)
            {
                return error;
            }

            if ((fi.flags & O_TRUNC) != 0)
            {
                entry!.Resize(0);
            }

            return Open(entry!, ref fi);
        }
    }

    public override void Release(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
        Note(nameof(Release), path);
        lock (_gate)
        {
            _open.Remove(fi.fh);
        }
    }

    public override int Read(ReadOnlySpan<byte> path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi)
    {
        // By path, as a file system may: it must be the right one also after renames.
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            return error != 0 ? error : entry!.Read(offset, buffer);
        }
    }

    public override int Write(ReadOnlySpan<byte> path, ulong offset, ReadOnlySpan<byte> buffer, ref FuseFileInfo fi)
    {
        lock (_gate)
        {
            return _open.TryGetValue(fi.fh, out MemoryEntry? entry) ? entry.Write(offset, buffer) : -EBADF;
        }
    }

    public override int Truncate(ReadOnlySpan<byte> path, ulong length, FuseFileInfoRef fiRef)
    {
        lock (_gate)
        {
            int error = Find(path, fiRef, out MemoryEntry? entry);
            if (error == 0 && length > int.MaxValue / 2)
            {
                error = -EFBIG;
            }

            if (error == 0)
            {
                entry!.Resize((int)length);
            }

            return error;
        }
    }

    public override int Flush(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
        Note(nameof(Flush), path);
        return 0;
    }

    public override int FSync(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
        Note($"{nameof(FSync)}:{fi.fh}", path);
        return 0;
    }

    public override int FAllocate(ReadOnlySpan<byte> path, int mode, ulong offset, long length, ref FuseFileInfo fi)
    {
        lock (_gate)
        {
            if (mode != 0)
            {
                return -EOPNOTSUPP;
            }

            MemoryEntry entry = _open[fi.fh];
            entry.Resize(Math.Max(entry.Length, (int)offset + (int)length));
            return 0;
        }
    }

    public override int SetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, int flags)
    {
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            if (error != 0)
            {
                return error;
            }

            bool isThere = entry!.Attributes.ContainsKey(Text(name));
            if ((flags == XATTR_CREATE && isThere) || (flags == XATTR_REPLACE && !isThere))
            {
                return isThere ? -EEXIST : -ENODATA;
            }

            entry.Attributes[Text(name)] = data.ToArray();
            return 0;
        }
    }

    public override int GetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> data)
    {
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            return error != 0 ? error
                : entry!.Attributes.TryGetValue(Text(name), out byte[]? value) ? Copy(value, data)
                : -ENODATA;
        }
    }

    public override int ListXAttr(ReadOnlySpan<byte> path, Span<byte> list)
    {
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            return error != 0 ? error : Copy(
                [.. entry!.Attributes.Keys.SelectMany(name => System.Text.Encoding.Latin1.GetBytes(name + '\0'))], list);
        }
    }

    public override int RemoveXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name)
    {
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            return error != 0 ? error : entry!.Attributes.Remove(Text(name)) ? 0 : -ENODATA;
        }
    }

    private static int Copy(byte[] value, Span<byte> room)
    {
        if (room.IsEmpty)
        {
            return value.Length;
        }

        if (room.Length < value.Length)
        {
            return -ERANGE;
        }

        value.CopyTo(room);
        return value.Length;
    }

    private int Open(MemoryEntry entry, ref FuseFileInfo fi)
    {
        lock (_gate)
        {
            fi.fh = ++_lastHandle;
            _open.Add(fi.fh, entry);
            return 0;
        }
    }
}
