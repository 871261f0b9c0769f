using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>
/// Holds a <see cref="Volume"/> against a <see cref="ModelVolume"/>: every name, inode, link count, owner, time, extended attribute and link target, and that there is
/// nothing else; and the bytes of files, if asked for.
/// </summary>
public static class ModelComparison
{
    /// <summary>Looks for the first difference.</summary>
    /// <param name="model">What should be.</param>
    /// <param name="volume">What is.</param>
    /// <param name="comparesData">False if the volume has names only.</param>
    /// <returns>What it is, in words; null if there is none.</returns>
    public static string? FindDifference(ModelVolume model, Volume volume, bool comparesData = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(volume);
        byte[] buffer = new byte[VolumeLimits.MaxXattrListBytes];
        foreach (ModelInode inode in model.Inodes.Values)
        {
            if (FindDifference(inode, volume, comparesData, buffer) is { } difference)
            {
                return difference;
            }
        }

        return volume.InodeCount == (ulong)model.Inodes.Count ? null : $"{volume.InodeCount} inodes, not {model.Inodes.Count}";
    }

    private static string? FindDifference(ModelInode expected, Volume volume, bool comparesData, byte[] buffer)
    {
        Errno error = volume.GetAttributes(expected.Number, out InodeItem attributes);
        if (error != Errno.None)
        {
            return $"{expected.Number}: {error}";
        }

        if (attributes.Generation == 0)
        {
            return $"{expected.Number} has no generation";
        }

        attributes.Generation = expected.Attributes.Generation;
        return attributes.Equals(expected.Attributes)
            ? FindTargetDifference(expected, volume)
                ?? FindXattrDifference(expected, volume, buffer)
                ?? (comparesData ? FindDataDifference(expected, volume) : null)
                ?? (expected.IsDirectory ? FindNameDifference(expected, volume) : null)
            : $"{expected.Number}: attributes are {Describe(attributes)}, not {Describe(expected.Attributes)}";
    }

    private static string? FindTargetDifference(ModelInode expected, Volume volume)
    {
        if (expected.Attributes.Type != InodeType.SymbolicLink)
        {
            return null;
        }

        byte[] target = new byte[VolumeLimits.MaxSymlinkBytes];
        Errno error = volume.ReadLink(expected.Number, target, out int targetBytes);
        return error == Errno.None && target.AsSpan(0, targetBytes).SequenceEqual(expected.Target)
            ? null : $"{expected.Number}: another target ({error}, {targetBytes} bytes)";
    }

    private static string? FindDataDifference(ModelInode expected, Volume volume)
    {
        if (expected.Attributes.Type != InodeType.Regular)
        {
            return null;
        }

        ReadOnlySpan<byte> right = expected.Content.Bytes.Span;
        byte[] bytes = new byte[right.Length + 1];
        IoResult result = volume.Read(expected.Number, 0, bytes);
        int equal = right.CommonPrefixLength(bytes.AsSpan(0, (int)result.Bytes));
        return result.Succeeded && result.Bytes == right.Length && equal == right.Length
            ? null : $"{expected.Number}: data differs from byte {equal} of {right.Length} on ({result.Bytes} bytes read, {result.Error})";
    }

    private static string? FindXattrDifference(ModelInode expected, Volume volume, byte[] buffer)
    {
        Errno error = volume.ListXattrs(expected.Number, buffer, out int listBytes);
        string[] names = ModelVolume.Key(buffer.AsSpan(0, listBytes)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (error != Errno.None || !names.Order(StringComparer.Ordinal).SequenceEqual(expected.Xattrs.Keys))
        {
            return $"{expected.Number}: xattrs {string.Join(", ", names)}, not {string.Join(", ", expected.Xattrs.Keys)} ({error})";
        }

        foreach ((string name, byte[] value) in expected.Xattrs)
        {
            error = volume.GetXattr(expected.Number, ModelVolume.Bytes(name), buffer, out int valueBytes);
            if (error != Errno.None || !buffer.AsSpan(0, valueBytes).SequenceEqual(value))
            {
                return $"{expected.Number}: another value of xattr {name} ({error}, {valueBytes} bytes)";
            }
        }

        return null;
    }

    private static string? FindNameDifference(ModelInode expected, Volume volume)
    {
        List<ListedEntry> listed = VolumeListing.ReadAll(volume, expected.Number);
        InodeNumber parent = expected.Parent.IsNone ? expected.Number : expected.Parent;
        if (listed.Count < 2 || listed[0] is not { Name: "." } || listed[1] is not { Name: ".." }
            || listed[0].Number != expected.Number || listed[1].Number != parent)
        {
            return $"{expected.Number}: the listing does not begin with . and ..";
        }

        var names = listed.Skip(2).ToDictionary(entry => entry.Name);
        if (names.Count != listed.Count - 2)
        {
            return $"{expected.Number}: a name is listed twice";
        }

        foreach ((string name, InodeNumber child) in expected.Names)
        {
            if (!names.Remove(name, out ListedEntry entry) || entry.Number != child)
            {
                return $"{expected.Number}: {name} is listed as {entry.Number}, not {child}";
            }

            Errno error = volume.Lookup(expected.Number, ModelVolume.Bytes(name), out InodeEntry found);
            if (error != Errno.None || found.Number != child || !found.Attributes.Equals(entry.Attributes))
            {
                return $"{expected.Number}: {name} is found as {found.Number}, not {child} ({error})";
            }
        }

        return names.Count == 0 ? null : $"{expected.Number}: {names.First().Key} should not be there";
    }

    private static string Describe(in InodeItem inode) =>
        $"(mode {inode.Mode:x} links {inode.LinkCount} owner {inode.UserId}:{inode.GroupId} size {inode.SizeBytes} blocks {inode.BlockCount} "
        + $"atime {inode.AccessTime} mtime {inode.ModifyTime} ctime {inode.ChangeTime} btime {inode.BirthTime} device {inode.Device:x} flags {inode.Flags})";
}
