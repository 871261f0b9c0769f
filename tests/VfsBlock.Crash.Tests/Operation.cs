using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>
/// One operation, told by names and numbers only, so that it can be done to a volume and to the model, printed, repeated, and left out of a sequence without
/// changing what the others mean. A path is names with slashes between; one that begins with # is what is held under that word.
/// </summary>
internal sealed record Operation(OperationKind Kind, string Path = "", string Other = "", int Offset = 0, int Length = 0, int Target = 0)
{
    /// <summary>Where paths begin.</summary>
    public InodeNumber Root { get; init; } = InodeNumber.Root;

    /// <summary>True for what changes nothing but what is durable.</summary>
    public bool IsPersistence => Kind is OperationKind.Sync or OperationKind.Checkpoint or OperationKind.Reopen;

    /// <summary>True for what must succeed on a full volume: it gives space back, or changes what is there in place.</summary>
    public bool WorksWhenFull => Kind is OperationKind.Unlink or OperationKind.RemoveDirectory or OperationKind.RemoveXattr or OperationKind.Release
            or OperationKind.SetAttributes or OperationKind.SetFlags
        || (Kind is OperationKind.SetSize && Length == 0)
        || (Kind is OperationKind.PunchHole && (Offset | Length) % 4096 == 0);

    /// <summary>Does it.</summary>
    /// <param name="actor">To what.</param>
    /// <param name="held">Inodes that are held, by their words.</param>
    /// <param name="sizeBytes">Says how long a file is.</param>
    public Errno Run(IActor actor, Dictionary<string, InodeNumber> held, Func<InodeNumber, int> sizeBytes)
    {
        switch (Kind)
        {
            case OperationKind.Create:
            case OperationKind.MakeDirectory:
            case OperationKind.Symlink:
            case OperationKind.MakeNode:
            case OperationKind.Unlink:
            case OperationKind.RemoveDirectory:
                return RunOnName(actor);
            case OperationKind.Rename:
            case OperationKind.RenameNoReplace:
            case OperationKind.RenameWhiteout:
            case OperationKind.Exchange:
                return RunOnNames(actor);
            default:
                Errno error = Find(actor, held, Path, out InodeNumber inode);
                return error == Errno.None ? RunOnInode(actor, held, inode, sizeBytes) : error;
        }
    }

    public override string ToString() => $"new({nameof(OperationKind)}.{Kind}, \"{Path}\", \"{Other}\", {Offset}, {Length}, {Target})";

    /// <summary>Bytes that depend on the operation, none of them zero.</summary>
    private byte[] Data()
    {
        byte[] data = new byte[Length];
        new Random(HashOf(Path + Other) ^ Offset ^ (Length << 8)).NextBytes(data);
        for (int index = 0; index < data.Length; index++)
        {
            data[index] |= 1;
        }

        return data;
    }

    private Errno RunOnName(IActor actor)
    {
        Errno error = FindParent(actor, Path, out InodeNumber directory, out byte[] name);
        return error != Errno.None ? error : Kind switch
        {
            OperationKind.Create => actor.Create(directory, name, InodeType.Regular, []),
            OperationKind.MakeDirectory => actor.Create(directory, name, InodeType.Directory, []),
            OperationKind.Symlink => actor.Create(directory, name, InodeType.SymbolicLink, Data()),
            OperationKind.MakeNode => actor.MakeNode(directory, name, Length == 0 ? InodeType.Fifo : InodeType.CharacterDevice, (ulong)Length),
            OperationKind.Unlink => actor.Unlink(directory, name),
            _ => actor.RemoveDirectory(directory, name),
        };
    }

    private Errno RunOnNames(IActor actor)
    {
        Errno error = FindParent(actor, Path, out InodeNumber from, out byte[] oldName);
        InodeNumber to = default;
        byte[] newName = [];
        error = error == Errno.None ? FindParent(actor, Other, out to, out newName) : error;
        return error == Errno.None
            ? actor.Rename(from, oldName, to, newName, Flags) : error;
    }

    private RenameFlags Flags => Kind switch
    {
        OperationKind.Exchange => RenameFlags.Exchange,
        OperationKind.RenameNoReplace => RenameFlags.NoReplace,
        OperationKind.RenameWhiteout => RenameFlags.Whiteout,
        _ => RenameFlags.None,
    };

    private Errno RunOnInode(IActor actor, Dictionary<string, InodeNumber> held, InodeNumber inode, Func<InodeNumber, int> sizeBytes)
    {
        Errno error;
        switch (Kind)
        {
            case OperationKind.CreateTemporary:
                return Keep(held, actor.CreateTemporary(inode, out InodeNumber created), created);
            case OperationKind.Hold:
                return Keep(held, actor.Hold(inode), inode);
            case OperationKind.Release:
                return actor.Release(inode);
            case OperationKind.Link:
                error = FindParent(actor, Other, out InodeNumber directory, out byte[] name);
                return error == Errno.None ? actor.Link(inode, directory, name) : error;
            case OperationKind.Write:
                return actor.Write(inode, Offset, Data());
            case OperationKind.Append:
                return actor.Write(inode, sizeBytes(inode), Data());
            case OperationKind.SetSize:
                return actor.SetSize(inode, Length);
            case OperationKind.CopyRange:
                error = Find(actor, held, Other, out InodeNumber target);
                return error == Errno.None ? actor.CopyRange(inode, Offset, target, Target, Length) : error;
            case OperationKind.SetAttributes:
                return actor.SetAttributes(inode, Change());
            case OperationKind.SetFlags:
                return actor.SetFlags(inode, (InodeFlags)Offset & (InodeFlags.NoCopyOnWrite | InodeFlags.NoDump | InodeFlags.NoAccessTime));
            case OperationKind.SetXattr:
                return actor.SetXattr(inode, Encoding.Latin1.GetBytes(Other), Data());
            case OperationKind.RemoveXattr:
                return actor.RemoveXattr(inode, Encoding.Latin1.GetBytes(Other));
            default:
                return RunOnRange(actor, inode);
        }
    }

    private Errno RunOnRange(IActor actor, InodeNumber inode) => Kind switch
    {
        OperationKind.Allocate => actor.Allocate(inode, Offset, Length, keepsSize: false),
        OperationKind.AllocateKeepingSize => actor.Allocate(inode, Offset, Length, keepsSize: true),
        OperationKind.PunchHole => actor.PunchHole(inode, Offset, Length),
        OperationKind.ZeroRange => actor.ZeroRange(inode, Offset, Length, keepsSize: false),
        OperationKind.ZeroRangeKeepingSize => actor.ZeroRange(inode, Offset, Length, keepsSize: true),
        OperationKind.CollapseRange => actor.CollapseRange(inode, Offset, Length),
        OperationKind.InsertRange => actor.InsertRange(inode, Offset, Length),
        _ => throw new InvalidOperationException($"{Kind} is not an operation on an inode"),
    };

    private AttributeChange Change() => new()
    {
        Fields = AttributeFields.Mode | AttributeFields.UserId | AttributeFields.ModifyTime,
        Mode = (uint)Offset & 0xFFF,
        UserId = (uint)Length,
        ModifyTime = new Timestamp(Length, (uint)Offset),
    };

    private Errno Keep(Dictionary<string, InodeNumber> held, Errno error, InodeNumber inode)
    {
        if (error == Errno.None)
        {
            held[Other] = inode;
        }

        return error;
    }

    private Errno Find(IActor actor, Dictionary<string, InodeNumber> held, string path, out InodeNumber inode)
    {
        if (path.StartsWith('#'))
        {
            return held.TryGetValue(path, out inode) ? Errno.None : Errno.EBADF;
        }

        inode = Root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            Errno error = actor.Lookup(inode, ModelVolume.Bytes(name), out inode);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }

    private Errno FindParent(IActor actor, string path, out InodeNumber directory, out byte[] name)
    {
        int slash = path.LastIndexOf('/');
        name = ModelVolume.Bytes(path[(slash + 1)..]);
        return Find(actor, [], slash < 0 ? "" : path[..slash], out directory);
    }

    // The same in every process, unlike a string's own.
    private static int HashOf(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
}
