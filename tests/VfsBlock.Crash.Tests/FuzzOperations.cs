using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>
/// Operations at random on what a model holds, most of them possible. All randomness comes from the given generator. Seeds that failed once are tests: what is changed here
/// changes what they do.
/// </summary>
internal sealed class FuzzOperations(Random random)
{
    private const int NameCount = 6;
    private const int MaxFileBytes = 600_000;
    private const int BlockBytes = 4096;

    /// <summary>The next operation.</summary>
    public Operation Next(ModelVolume model)
    {
        List<(string Path, ModelInode Inode)> all = [];
        Collect(model, "", model.Inodes[InodeNumber.Root], all);
        string any = Any(all);
        string place = NewPlace(all);
        string file = random.Next(8) == 0 ? $"#{random.Next(3)}" : AnyFile(all) ?? any;
        return random.Next(60) switch
        {
            < 5 => new Operation(OperationKind.Create, place),
            5 => new Operation(OperationKind.MakeDirectory, place),
            6 => new Operation(OperationKind.Symlink, place, Length: random.Next(1, 4000)),
            7 => new Operation(OperationKind.CreateTemporary, "", $"#{random.Next(3)}"),
            8 => new Operation(OperationKind.Link, file, place),
            < 12 => new Operation(OperationKind.Unlink, any),
            12 => new Operation(OperationKind.RemoveDirectory, any),
            < 15 => new Operation(OperationKind.Rename, any, place),
            15 => new Operation(OperationKind.Rename, any, Any(all)),
            16 => new Operation(OperationKind.Exchange, any, Any(all)),
            < 25 => new Operation(OperationKind.Write, file, Offset: random.Next(AnyLimit()), Length: random.Next(1, AnyLimit())),
            < 28 => new Operation(OperationKind.Append, file, Length: random.Next(1, 9000)),
            < 31 => new Operation(OperationKind.SetSize, file, Length: random.Next(4) == 0 ? 0 : random.Next(AnyLimit())),
            31 => new Operation(OperationKind.SetAttributes, any, Offset: random.Next(0x1000), Length: random.Next(1000)),
            32 => new Operation(OperationKind.SetXattr, any, $"user.{random.Next(4)}", Length: random.Next(random.Next(4) == 0 ? 20_000 : 900)),
            33 => new Operation(OperationKind.RemoveXattr, any, $"user.{random.Next(4)}"),
            34 => new Operation(OperationKind.Hold, file, $"#{random.Next(3)}"),
            35 => new Operation(OperationKind.Release, $"#{random.Next(3)}"),
            36 => new Operation(OperationKind.RenameNoReplace, any, place),
            37 => new Operation(OperationKind.RenameWhiteout, any, place),
            38 => new Operation(OperationKind.MakeNode, place, Length: random.Next(3)),
            < 52 => OnRange(file, AnyFile(all) ?? any),
            < 57 => new Operation(OperationKind.Sync),
            57 => new Operation(OperationKind.Reopen),
            _ => new Operation(OperationKind.Checkpoint),
        };
    }

    private Operation OnRange(string file, string other)
    {
        int offset = random.Next(AnyLimit());
        int length = random.Next(1, AnyLimit());
        if (random.Next(2) == 0)
        {
            offset -= offset % BlockBytes;
            length += BlockBytes - (length % BlockBytes);
        }

        OperationKind kind = random.Next(10) switch
        {
            0 => OperationKind.Allocate,
            1 => OperationKind.AllocateKeepingSize,
            < 4 => OperationKind.PunchHole,
            4 => OperationKind.ZeroRange,
            5 => OperationKind.ZeroRangeKeepingSize,
            6 => OperationKind.CollapseRange,
            7 => OperationKind.InsertRange,
            _ => OperationKind.CopyRange,
        };
        if (kind is OperationKind.CollapseRange or OperationKind.InsertRange)
        {
            return new Operation(kind, file, Offset: random.Next(6) * BlockBytes, Length: random.Next(1, 6) * BlockBytes);
        }

        int target = random.Next(2) == 0 ? (offset % BlockBytes) + (random.Next(40) * BlockBytes) : random.Next(AnyLimit());
        return new Operation(kind, file, kind == OperationKind.CopyRange ? other : "", offset, length, target);
    }

    private string Any(List<(string Path, ModelInode Inode)> all) => all.Count == 0 ? "none" : all[random.Next(all.Count)].Path;

    private int AnyLimit() => random.Next(4) switch
    {
        0 => 2200,
        1 => 20_000,
        2 => 140_000,
        _ => MaxFileBytes / 2,
    };

    private string NewPlace(List<(string Path, ModelInode Inode)> all)
    {
        List<string> directories = ["", .. all.Where(entry => entry.Inode.IsDirectory).Select(entry => entry.Path + "/")];
        return $"{directories[random.Next(directories.Count)]}{(char)('a' + random.Next(NameCount))}";
    }

    private string? AnyFile(List<(string Path, ModelInode Inode)> all)
    {
        List<string> files = [.. all.Where(entry => entry.Inode.Attributes.Type == InodeType.Regular).Select(entry => entry.Path)];
        return files.Count == 0 ? null : files[random.Next(files.Count)];
    }

    private static void Collect(ModelVolume model, string prefix, ModelInode directory, List<(string Path, ModelInode Inode)> all)
    {
        foreach ((string name, InodeNumber number) in directory.Names)
        {
            ModelInode inode = model.Inodes[number];
            all.Add((prefix + name, inode));
            if (inode.IsDirectory)
            {
                Collect(model, $"{prefix}{name}/", inode, all);
            }
        }
    }
}
