using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The files of a volume by path, as <see cref="File"/> and <see cref="Directory"/> are for the host's: the convenient way for a program that keeps a file system
/// inside a file.
/// </summary>
/// <remarks>
/// Paths begin at the root and are separated by '/'; symbolic links are followed. Threads: any. Failures are exceptions as of <see cref="File"/>; for values instead,
/// and for everything that is not here, there is the <see cref="Volume"/> itself. What is written is durable after <see cref="Volume.Sync"/>.
/// </remarks>
public sealed class VolumeFiles
{
    private const uint FilePermissions = 0x1A4;
    private const uint DirectoryPermissions = 0x1ED;

    private readonly Volume _volume;
    private readonly Credentials _owner;

    /// <summary>The files of a volume, which stays the caller's.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="owner">Who owns what is made.</param>
    public VolumeFiles(Volume volume, Credentials owner = default)
    {
        ArgumentNullException.ThrowIfNull(volume);
        _volume = volume;
        _owner = owner;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="mode">As for the host's files; <see cref="FileMode.Append"/> writes from the end on.</param>
    /// <exception cref="IOException">There is no such file, or there is one, or a directory of the path is missing.</exception>
    public VolumeStream Open(string path, FileMode mode = FileMode.Open)
    {
        VolumePath.Demand(path);
        Errno error = _volume.Lookup(VolumePath.Root, path, out InodeEntry entry);
        bool mustBeNew = mode == FileMode.CreateNew;
        bool mayBeNew = mode is FileMode.Create or FileMode.OpenOrCreate or FileMode.Append || mustBeNew;
        if (error == Errno.None && mustBeNew)
        {
            throw VolumePath.Failure(Errno.EEXIST, path);
        }

        if (error == Errno.ENOENT && mayBeNew)
        {
            InodeNumber directory = DirectoryOf(path, out byte[] name);
            error = _volume.Create(directory, name, FilePermissions, _owner, out entry, hold: true);
        }
        else if (error == Errno.None)
        {
            error = entry.Attributes.IsDirectory ? Errno.EISDIR : _volume.Hold(entry.Number);
        }

        VolumePath.ThrowIfFailed(error, path);
        var stream = new VolumeStream(_volume, entry.Number, path);
        if (mode is FileMode.Create or FileMode.Truncate)
        {
            stream.SetLength(0);
        }
        else if (mode == FileMode.Append)
        {
            stream.Seek(0, SeekOrigin.End);
        }

        return stream;
    }

    /// <summary>Everything that is in a file.</summary>
    public byte[] ReadAllBytes(string path)
    {
        using VolumeStream stream = Open(path);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Makes a file, or replaces what is in it.</summary>
    public void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using VolumeStream stream = Open(path, FileMode.Create);
        stream.Write(bytes);
    }

    /// <summary>The text of a file, UTF-8.</summary>
    public string ReadAllText(string path) => Encoding.UTF8.GetString(ReadAllBytes(path));

    /// <summary>Makes a file of text, UTF-8, or replaces what is in it.</summary>
    public void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>True if a file or directory has this path.</summary>
    public bool Exists(string path)
    {
        VolumePath.Demand(path);
        Errno error = _volume.Lookup(VolumePath.Root, path, out _);
        if (error is not (Errno.None or Errno.ENOENT or Errno.ENOTDIR))
        {
            VolumePath.ThrowIfFailed(error, path);
        }

        return error == Errno.None;
    }

    /// <summary>Makes a directory, and those on the way to it that are missing.</summary>
    public void CreateDirectory(string path)
    {
        VolumePath.Demand(path);
        InodeNumber directory = InodeNumber.Root;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            Errno error = _volume.Lookup(directory, part, out InodeEntry entry);
            if (error == Errno.ENOENT)
            {
                error = _volume.MakeDirectory(directory, Encoding.UTF8.GetBytes(part), DirectoryPermissions, _owner, out entry);
            }

            VolumePath.ThrowIfFailed(error, path);
            directory = entry.Number;
        }
    }

    /// <summary>Removes a file, or a directory that is empty.</summary>
    public void Delete(string path)
    {
        InodeNumber directory = DirectoryOf(path, out byte[] name);
        Errno error = _volume.Unlink(directory, name);
        VolumePath.ThrowIfFailed(error == Errno.EISDIR ? _volume.RemoveDirectory(directory, name) : error, path);
    }

    /// <summary>Gives a file or directory another path; a file that has it already is replaced.</summary>
    public void Move(string source, string target)
    {
        InodeNumber from = DirectoryOf(source, out byte[] name);
        InodeNumber to = DirectoryOf(target, out byte[] newName);
        VolumePath.ThrowIfFailed(_volume.Rename(from, name, to, newName), source);
    }

    /// <summary>The names in a directory, in no order that means anything, without "." and "..".</summary>
    public IReadOnlyList<string> Enumerate(string path)
    {
        VolumePath.Demand(path);
        VolumePath.ThrowIfFailed(_volume.Lookup(VolumePath.Root, path, out InodeEntry entry), path);
        var names = new NameList();
        int before;
        do
        {
            before = names.TakenCount;
            VolumePath.ThrowIfFailed(_volume.ReadDirectory(entry.Number, names.Cookie, ref names), path);
        }
        while (names.TakenCount != before);

        return names.Names;
    }

    private InodeNumber DirectoryOf(string path, out byte[] name)
    {
        VolumePath.Demand(path);
        string trimmed = path.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        name = Encoding.UTF8.GetBytes(trimmed[(slash + 1)..]);
        VolumePath.ThrowIfFailed(_volume.Lookup(VolumePath.Root, trimmed[..(slash + 1)], out InodeEntry entry), path);
        return entry.Number;
    }

    private struct NameList() : IDirectoryReader
    {
        public readonly List<string> Names = [];
        public ulong Cookie;
        public int TakenCount;

        public bool TryAdd(scoped ReadOnlySpan<byte> name, InodeNumber inode, InodeType type, ulong cookie)
        {
            Cookie = cookie;
            TakenCount++;
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                Names.Add(Encoding.UTF8.GetString(name));
            }

            return true;
        }
    }
}
