using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>
/// What a <see cref="Volume"/> has to be, written so that one can see that it is right: inodes in a dictionary, names in dictionaries, no disk, no trees,
/// no hashes. Operations answer what the volume's answer.
/// </summary>
/// <remarks>Threads: one. <see cref="Clone"/> keeps the state after an operation, which a volume that crashed must come back to.</remarks>
public sealed partial class ModelVolume
{
    private readonly SortedDictionary<InodeNumber, ModelInode> _inodes = [];
    private readonly TimeProvider _clock;

    /// <summary>A volume with a root directory.</summary>
    /// <param name="clock">The clock that the volume reads too.</param>
    /// <param name="rootPermissions">The root's permissions.</param>
    /// <param name="owner">Who owns it.</param>
    public ModelVolume(TimeProvider clock, uint rootPermissions, Credentials owner)
        : this(clock)
    {
        ModelInode root = Add(InodeType.Directory, rootPermissions, owner);
        root.Parent = root.Number;
    }

    private ModelVolume(TimeProvider clock) => _clock = clock;

    /// <summary>All inodes by number, those without a name that are held included.</summary>
    public IReadOnlyDictionary<InodeNumber, ModelInode> Inodes => _inodes;

    /// <summary>The number that the next new inode gets. Numbers of inodes that a crash took back may or may not be used again.</summary>
    public InodeNumber NextInode { get; set; } = InodeNumber.Root;

    /// <summary>The clock that the volume reads too.</summary>
    public TimeProvider Clock => _clock;

    private Timestamp Now => Timestamp.Now(_clock);

    /// <summary>A name's bytes as the key of a dictionary.</summary>
    public static string Key(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name);

    /// <summary>The bytes of a key.</summary>
    public static byte[] Bytes(string key) => Encoding.Latin1.GetBytes(key);

    /// <summary>A copy that shares nothing that changes.</summary>
    public ModelVolume Clone()
    {
        var copy = new ModelVolume(_clock) { NextInode = NextInode };
        foreach ((InodeNumber number, ModelInode inode) in _inodes)
        {
            copy._inodes.Add(number, inode.Clone());
        }

        return copy;
    }

    /// <summary>The machine stopped and came up again: nobody holds anything, and what had no name is gone.</summary>
    public void Restart()
    {
        foreach (ModelInode inode in _inodes.Values.ToList())
        {
            inode.HoldCount = 0;
            DropIfUnreachable(inode);
        }
    }

    /// <summary>As <see cref="Volume.Hold"/>.</summary>
    public Errno Hold(InodeNumber number)
    {
        if (!_inodes.TryGetValue(number, out ModelInode? inode))
        {
            return Errno.ESTALE;
        }

        inode.HoldCount++;
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.Release"/>.</summary>
    public void Release(InodeNumber number, ulong count = 1)
    {
        ModelInode inode = _inodes[number];
        inode.HoldCount -= count;
        DropIfUnreachable(inode);
    }

    private ModelInode? Find(InodeNumber number, out Errno error)
    {
        error = _inodes.TryGetValue(number, out ModelInode? inode) ? Errno.None : Errno.ESTALE;
        return inode;
    }

    private ModelInode? FindDirectory(InodeNumber number, out Errno error)
    {
        ModelInode? inode = Find(number, out error);
        if (inode is not null && !inode.IsDirectory)
        {
            error = Errno.ENOTDIR;
            return null;
        }

        return inode;
    }

    /// <summary>A name that must be there.</summary>
    private ModelInode? FindChild(InodeNumber number, ReadOnlySpan<byte> name, out ModelInode child, out Errno error)
    {
        child = null!;
        ModelInode? directory = FindDirectory(number, out error);
        if (directory is null)
        {
            return null;
        }

        if (name.Length > VolumeLimits.MaxNameBytes)
        {
            error = Errno.ENAMETOOLONG;
            return null;
        }

        if (!directory.Names.TryGetValue(Key(name), out InodeNumber found))
        {
            error = Errno.ENOENT;
            return null;
        }

        child = _inodes[found];
        return directory;
    }

    private ModelInode Add(InodeType type, uint permissions, Credentials owner)
    {
        InodeItem attributes = default;
        attributes.Mode = ((uint)type << 12) | (permissions & 0xFFF);
        attributes.LinkCount = type == InodeType.Directory ? 2U : 1U;
        attributes.UserId = owner.UserId;
        attributes.GroupId = owner.GroupId;
        attributes.AccessTime = attributes.ModifyTime = attributes.ChangeTime = attributes.BirthTime = Now;
        var inode = new ModelInode { Number = NextInode, Attributes = attributes };
        _inodes.Add(NextInode, inode);
        NextInode = new InodeNumber(NextInode.Value + 1);
        return inode;
    }

    private void DropLink(ModelInode inode)
    {
        inode.Change(Now, inode.IsDirectory ? -(long)inode.Attributes.LinkCount : -1);
        inode.Parent = InodeNumber.None;
        DropIfUnreachable(inode);
    }

    private void DropIfUnreachable(ModelInode inode)
    {
        if (inode.Attributes.LinkCount == 0 && inode.HoldCount == 0)
        {
            _inodes.Remove(inode.Number);
        }
    }
}
