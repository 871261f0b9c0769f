using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse.Tests;

/// <content>Names: made, removed, moved, listed.</content>
public partial class MemoryPathFileSystem
{
    public override int MkDir(ReadOnlySpan<byte> path, mode_t mode) => Add(nameof(MkDir), path, new MemoryEntry(S_IFDIR | mode));

    public override int SymLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target) =>
        Add(nameof(SymLink), path, new MemoryEntry(S_IFLNK | 0b111_111_111) { Target = target.ToArray() });

    public override int ReadLink(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            if (error != 0 || !S_ISLNK(entry!.Mode))
            {
                return error != 0 ? error : -EINVAL;
            }

            entry.Target.CopyTo(buffer);
            buffer[entry.Target.Length] = 0;
            return 0;
        }
    }

    public override int Link(ReadOnlySpan<byte> fromPath, ReadOnlySpan<byte> toPath)
    {
        lock (_gate)
        {
            int error = Find(fromPath, default, out MemoryEntry? entry);
            return error != 0 ? error : Add(nameof(Link), toPath, entry!);
        }
    }

    public override int Unlink(ReadOnlySpan<byte> path)
    {
        Note(nameof(Unlink), path);
        return Remove(path, entry => entry.IsDirectory ? -EISDIR : 0);
    }

    public override int RmDir(ReadOnlySpan<byte> path)
    {
        Note(nameof(RmDir), path);
        return Remove(path, entry => !entry.IsDirectory ? -ENOTDIR : entry.Children.Count > 0 ? -ENOTEMPTY : 0);
    }

    public override int Rename(ReadOnlySpan<byte> path, ReadOnlySpan<byte> newPath, int flags)
    {
        Note(nameof(Rename), path);
        lock (_gate)
        {
            int error = FindParent(path, out MemoryEntry? parent, out string name);
            int newError = FindParent(newPath, out MemoryEntry? newParent, out string newName);
            if (error != 0 || newError != 0)
            {
                return error != 0 ? error : newError;
            }

            if (!parent!.Children.TryGetValue(name, out MemoryEntry? entry))
            {
                return -ENOENT;
            }

            bool isThere = newParent!.Children.TryGetValue(newName, out MemoryEntry? other);
            switch (flags)
            {
                case RENAME_NOREPLACE when isThere:
                    return -EEXIST;
                case RENAME_EXCHANGE:
                    if (!isThere)
                    {
                        return -ENOENT;
                    }

                    parent.Children[name] = other!;
                    newParent.Children[newName] = entry;
                    return 0;
                case 0 or RENAME_NOREPLACE:
                    if (other is { IsDirectory: true, Children.Count: > 0 })
                    {
                        return -ENOTEMPTY;
                    }

                    parent.Children.Remove(name);
                    newParent.Children[newName] = entry;
                    return 0;
                default:
                    return -EINVAL;
            }
        }
    }

    public override int OpenDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
        lock (_gate)
        {
            fi.fh = 4711;
            return Find(path, default, out _);
        }
    }

    public override int ReadDir(ReadOnlySpan<byte> path, ulong offset, ReadDirFlags flags, DirectoryContent content, ref FuseFileInfo fi)
    {
        lock (_gate)
        {
            int error = Find(path, default, out MemoryEntry? entry);
            if (error != 0 || fi.fh != 4711)
            {
                return error != 0 ? error : -EBADF;
            }

            content.AddEntry(".");
            content.AddEntry(".."u8);
            foreach (string name in entry!.Children.Keys)
            {
                content.AddEntry(System.Text.Encoding.Latin1.GetBytes(name));
            }

            return 0;
        }
    }

    public override int ReleaseDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
        Note($"{nameof(ReleaseDir)}:{fi.fh}", path);
        return 0;
    }

    public override int FSyncDir(ReadOnlySpan<byte> readOnlySpan, bool onlyData, ref FuseFileInfo fi)
    {
        Note($"{nameof(FSyncDir)}:{onlyData}:{fi.fh}", readOnlySpan);
        return 0;
    }

    private int Add(string operation, ReadOnlySpan<byte> path, MemoryEntry entry)
    {
        Note(operation, path);
        lock (_gate)
        {
            int error = FindParent(path, out MemoryEntry? parent, out string name);
            if (error != 0)
            {
                return error;
            }

            if (!parent!.Children.TryAdd(name, entry))
            {
                return -EEXIST;
            }

            entry.NameCount = operation == nameof(Link) ? entry.NameCount + 1 : 1;
            return 0;
        }
    }

    private int Remove(ReadOnlySpan<byte> path, Func<MemoryEntry, int> check)
    {
        lock (_gate)
        {
            int error = FindParent(path, out MemoryEntry? parent, out string name);
            if (error != 0 || !parent!.Children.TryGetValue(name, out MemoryEntry? entry))
            {
                return error != 0 ? error : -ENOENT;
            }

            error = check(entry);
            if (error == 0)
            {
                parent.Children.Remove(name);
                entry.NameCount--;
            }

            return error;
        }
    }
}
