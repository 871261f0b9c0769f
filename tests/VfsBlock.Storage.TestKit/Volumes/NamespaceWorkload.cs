using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>
/// Does the same random operations on names and attributes to a <see cref="Volume"/> and to a <see cref="ModelVolume"/>, good ones and bad ones, and stops at the first answer
/// that differs. All randomness comes from the given generator, so a seed repeats a run.
/// </summary>
public sealed class NamespaceWorkload
{
    private readonly Random _random;
    private readonly ModelVolume _model;
    private readonly ManualClock _clock;
    private readonly List<InodeNumber> _held = [];

    /// <summary>A workload over a volume and a model that are equal.</summary>
    public NamespaceWorkload(Random random, Volume volume, ModelVolume model, ManualClock clock)
    {
        _random = random;
        Volume = volume;
        _model = model;
        _clock = clock;
    }

    /// <summary>The volume; set it when the image was opened again.</summary>
    public Volume Volume { get; set; }

    /// <summary>How many different names there are: few, so that operations meet.</summary>
    public int NameCount { get; set; } = 12;

    /// <summary>How many directories there may be at a time.</summary>
    public int MaxInodeCount { get; set; } = 200;

    /// <summary>What was done last, in words.</summary>
    public string Last { get; private set; } = "nothing";

    /// <summary>Everybody who held an inode is gone, as after a crash.</summary>
    public void ForgetHolds()
    {
        _held.Clear();
        _model.Restart();
    }

    /// <summary>One operation.</summary>
    /// <exception cref="InvalidOperationException">Volume and model answer differently.</exception>
    public void Step()
    {
        _clock.Advance(1 + _random.Next(20_000_000));
        switch (_random.Next(100))
        {
            case < 30 when _model.Inodes.Count < MaxInodeCount:
                Create();
                break;
            case < 45:
                Remove();
                break;
            case < 65:
                Rename();
                break;
            case < 72:
                Link();
                break;
            case < 80:
                SetAttributes();
                break;
            case < 90:
                ChangeXattr();
                break;
            case < 95:
                ChangeHold();
                break;
            default:
                Lookup();
                break;
        }
    }

    private void Create()
    {
        InodeNumber directory = AnyDirectory();
        byte[] name = AnyName();
        bool hold = _random.Next(4) == 0;
        var owner = new Credentials((uint)_random.Next(3), (uint)_random.Next(3));
        uint mode = (uint)_random.Next(0x1000);
        InodeType type = _random.Next(8) switch
        {
            < 3 => InodeType.Directory,
            3 => InodeType.SymbolicLink,
            4 => InodeType.CharacterDevice,
            5 => InodeType.Fifo,
            _ => InodeType.Regular,
        };
        InodeEntry entry;
        InodeNumber expected;
        Errno actual;
        Errno right;
        if (type == InodeType.SymbolicLink)
        {
            byte[] target = AnyBytes(1, VolumeLimits.MaxSymlinkBytes);
            actual = Volume.Symlink(directory, name, target, owner, out entry, hold);
            right = _model.Create(directory, name, type, 0x1FF, owner, out expected, hold, target: target);
        }
        else if (type == InodeType.Regular && _random.Next(4) == 0)
        {
            hold = true;
            actual = Volume.TemporaryFile(directory, mode, owner, out entry);
            right = _model.TemporaryFile(directory, mode, owner, out expected);
        }
        else
        {
            ulong device = type == InodeType.CharacterDevice ? 0x123UL : 0;
            actual = type == InodeType.Directory
                ? Volume.MakeDirectory(directory, name, mode, owner, out entry, hold)
                : Volume.MakeNode(directory, name, ((uint)type << 12) | mode, device, owner, out entry, hold);
            right = _model.Create(directory, name, type, mode, owner, out expected, hold, device);
        }

        Check(actual, right, $"create {type} {Show(name)} in {directory}, hold {hold}");
        Check(entry.Number, expected);
        if (actual == Errno.None && hold)
        {
            _held.Add(entry.Number);
        }
    }

    private void Remove()
    {
        InodeNumber directory = AnyDirectory();
        byte[] name = AnyExistingName(directory);
        bool isDirectory = _random.Next(2) == 0;
        Errno actual = isDirectory ? Volume.RemoveDirectory(directory, name) : Volume.Unlink(directory, name);
        Errno right = isDirectory ? _model.RemoveDirectory(directory, name) : _model.Unlink(directory, name);
        Check(actual, right, $"remove {Show(name)} from {directory}, as a directory: {isDirectory}");
    }

    private void Rename()
    {
        InodeNumber from = AnyDirectory();
        InodeNumber to = _random.Next(3) == 0 ? from : AnyDirectory();
        byte[] oldName = AnyExistingName(from);
        byte[] newName = _random.Next(2) == 0 ? AnyExistingName(to) : AnyName();
        RenameFlags flags = _random.Next(6) switch
        {
            0 => RenameFlags.NoReplace,
            1 => RenameFlags.Exchange,
            2 => RenameFlags.Whiteout,
            _ => RenameFlags.None,
        };
        var owner = new Credentials(7, 8);
        Check(
            Volume.Rename(from, oldName, to, newName, flags, owner),
            _model.Rename(from, oldName, to, newName, flags, owner),
            $"rename {Show(oldName)} in {from} to {Show(newName)} in {to}, {flags}");
    }

    private void Link()
    {
        InodeNumber inode = AnyInode();
        InodeNumber directory = AnyDirectory();
        byte[] name = AnyName();
        Check(Volume.Link(inode, directory, name, out _), _model.Link(inode, directory, name), $"link {inode} as {Show(name)} in {directory}");
    }

    private void SetAttributes()
    {
        InodeNumber inode = AnyInode();
        var change = new AttributeChange
        {
            Fields = (AttributeFields)_random.Next(1 << 9),
            Mode = (uint)_random.Next(0x1000),
            UserId = (uint)_random.Next(3),
            GroupId = (uint)_random.Next(3),
            CallerGroupId = (uint)_random.Next(3),
            AccessTime = AnyTime(),
            ModifyTime = AnyTime(),
            ChangeTime = AnyTime(),
        };
        Check(Volume.SetAttributes(inode, change, out _), _model.SetAttributes(inode, change), $"set {change.Fields} of {inode}");
    }

    private void ChangeXattr()
    {
        InodeNumber inode = AnyInode();
        byte[] name = ModelVolume.Bytes(_random.Next(6) == 0 ? "security.capability" : $"user.{_random.Next(8)}");
        if (_random.Next(3) == 0)
        {
            Check(Volume.RemoveXattr(inode, name), _model.RemoveXattr(inode, name), $"remove xattr {Show(name)} of {inode}");
            return;
        }

        // Capabilities are a few bytes (linux/capability.h), which the volume counts on.
        byte[] value = AnyBytes(0, name[0] == 's' ? 24 : _random.Next(4) == 0 ? 9000 : 1100);
        var flags = (XattrFlags)_random.Next(3);
        Check(Volume.SetXattr(inode, name, value, flags), _model.SetXattr(inode, name, value, flags), $"set xattr {Show(name)} of {inode} to {value.Length} bytes, {flags}");
    }

    private void ChangeHold()
    {
        if (_held.Count > 0 && _random.Next(2) == 0)
        {
            int index = _random.Next(_held.Count);
            InodeNumber held = _held[index];
            _held.RemoveAt(index);
            _model.Release(held);
            Check(Volume.Release(held), Errno.None, $"release {held}");
            return;
        }

        InodeNumber inode = AnyInode();
        Check(Volume.Hold(inode), _model.Hold(inode), $"hold {inode}");
        if (_model.Inodes.ContainsKey(inode))
        {
            _held.Add(inode);
        }
    }

    private void Lookup()
    {
        InodeNumber directory = _random.Next(4) == 0 ? AnyInode() : AnyDirectory();
        byte[] name = _random.Next(8) switch
        {
            0 => "."u8.ToArray(),
            1 => ".."u8.ToArray(),
            _ => AnyName(),
        };
        Check(Volume.Lookup(directory, name, out InodeEntry entry), _model.Lookup(directory, name, out InodeNumber expected), $"look {Show(name)} up in {directory}");
        Check(entry.Number, expected);
    }

    private void Check(Errno actual, Errno right, string what)
    {
        Last = $"{what}: {actual}";
        if (actual != right)
        {
            throw new InvalidOperationException($"{what}: the volume answers {actual}, the model {right}");
        }
    }

    private void Check(InodeNumber actual, InodeNumber right)
    {
        if (actual != right)
        {
            throw new InvalidOperationException($"{Last}: the volume gives {actual}, the model {right}");
        }
    }

    private InodeNumber AnyInode() =>
        _random.Next(20) == 0 ? new InodeNumber((ulong)_random.Next(1000)) : _model.Inodes.Keys.ElementAt(_random.Next(_model.Inodes.Count));

    private InodeNumber AnyDirectory()
    {
        if (_random.Next(20) == 0)
        {
            return AnyInode();
        }

        List<InodeNumber> directories = [.. _model.Inodes.Values.Where(inode => inode.IsDirectory).Select(inode => inode.Number)];
        return directories[_random.Next(directories.Count)];
    }

    private byte[] AnyName() => _random.Next(40) switch
    {
        0 => [.. Enumerable.Repeat((byte)'n', VolumeLimits.MaxNameBytes)],
        1 => [.. Enumerable.Repeat((byte)'n', VolumeLimits.MaxNameBytes + 1)],
        _ => ModelVolume.Bytes($"name {_random.Next(NameCount)}"),
    };

    private byte[] AnyExistingName(InodeNumber directory) =>
        _random.Next(10) > 0 && _model.Inodes.TryGetValue(directory, out ModelInode? inode) && inode.Names.Count > 0
            ? ModelVolume.Bytes(inode.Names.Keys.ElementAt(_random.Next(inode.Names.Count))) : AnyName();

    private byte[] AnyBytes(int minCount, int maxCount)
    {
        byte[] bytes = new byte[_random.Next(minCount, maxCount + 1)];
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)_random.Next(1, 256);
        }

        return bytes;
    }

    private Timestamp AnyTime() => new(_random.NextInt64(-1L << 34, 1L << 34), (uint)_random.Next(1_000_000_000));

    private static string Show(byte[] name) => name.Length > 30 ? $"a name of {name.Length} bytes" : ModelVolume.Key(name);
}
