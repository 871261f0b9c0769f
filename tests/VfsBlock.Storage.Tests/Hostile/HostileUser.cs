using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>
/// Uses a volume that may hold anything: looks at everything that it can reach, a bounded part of it, and does operations at random. Answers do not matter, as long as there are some.
/// </summary>
internal sealed class HostileUser(Random random, Volume volume)
{
    private const int MaxInodeCount = 700;
    private const int MaxEntryCount = 3000;
    private const int MaxStretchCount = 30;
    private const int OperationCount = 40;
    private const ulong HighestNumber = 480;

    private readonly List<InodeNumber> _directories = [];
    private readonly List<InodeNumber> _inodes = [];
    private readonly HashSet<InodeNumber> _seen = [];
    private readonly List<(InodeNumber Directory, byte[] Name)> _names = [];
    private readonly byte[] _buffer = new byte[70_000];

    /// <summary>How often the answer was EIO.</summary>
    public int DamageCount { get; private set; }

    /// <summary>Looks at every inode that names lead to, and at the numbers that exist in a sound image.</summary>
    public void Walk()
    {
        Meet(InodeNumber.Root);
        for (int index = 0; index < _inodes.Count; index++)
        {
            Look(_inodes[index]);
        }

        for (ulong number = 1; number < HighestNumber; number += 1 + (ulong)random.Next(30))
        {
            Look(new InodeNumber(number));
        }

        volume.GetStatistics();
    }

    /// <summary>Operations at random, some of them with what the image claims to have.</summary>
    public void Work()
    {
        for (int index = 0; index < OperationCount; index++)
        {
            Note(Operate());
        }

        Note(volume.Sync());
        for (int index = 0; index < OperationCount / 2; index++)
        {
            Note(Operate());
        }

        Note(volume.DeleteOrphans());
        Note(volume.Checkpoint());
        Note(Operate());
        Note(volume.Checkpoint());
    }

    private void Note(Errno error) => DamageCount += error == Errno.EIO ? 1 : 0;

    private void Meet(InodeNumber inode)
    {
        if (_inodes.Count < MaxInodeCount && _seen.Add(inode))
        {
            _inodes.Add(inode);
        }
    }

    private void Look(InodeNumber inode)
    {
        Errno error = volume.GetAttributes(inode, out InodeItem attributes);
        Note(error);
        if (error != Errno.None)
        {
            return;
        }

        LookAtXattrs(inode);
        switch (attributes.Type)
        {
            case InodeType.Directory:
                List(inode);
                break;
            case InodeType.SymbolicLink:
                Note(volume.ReadLink(inode, _buffer, out _));
                break;
            case InodeType.Regular:
                Read(inode, attributes.SizeBytes);
                break;
            default:
                break;
        }
    }

    private void LookAtXattrs(InodeNumber inode)
    {
        Errno error = volume.ListXattrs(inode, _buffer, out int listBytes);
        Note(error);
        if (error != Errno.None || listBytes == 0)
        {
            return;
        }

        byte[] list = _buffer.AsSpan(0, listBytes).ToArray();
        foreach (Range range in list.AsSpan().Split((byte)0))
        {
            if (!list.AsSpan()[range].IsEmpty)
            {
                Note(volume.GetXattr(inode, list.AsSpan()[range], _buffer, out _));
            }
        }
    }

    private void List(InodeNumber directory)
    {
        _directories.Add(directory);
        List<ListedEntry> entries = [];
        int countBefore;
        Errno error;
        do
        {
            countBefore = entries.Count;
            ulong cookie = countBefore == 0 ? 0 : entries[^1].Cookie;
            var collector = new EntryCollector(entries, 100);
            error = random.Next(2) == 0 ? volume.ReadDirectoryEntries(directory, cookie, ref collector) : volume.ReadDirectory(directory, cookie, ref collector);
            Note(error);
        }
        while (error == Errno.None && entries.Count > countBefore && entries.Count < MaxEntryCount);

        foreach (ListedEntry entry in entries)
        {
            Meet(entry.Number);
            byte[] name = Encoding.Latin1.GetBytes(entry.Name);
            _names.Add((directory, name));
            if (random.Next(10) == 0)
            {
                Note(volume.Lookup(directory, name, out _));
            }
        }
    }

    private void Read(InodeNumber inode, ulong sizeBytes)
    {
        ulong place = 0;
        for (int stretch = 0; stretch < MaxStretchCount && volume.SeekData(inode, place, out ulong found) == Errno.None; stretch++)
        {
            Note(volume.Read(inode, found, _buffer.AsSpan(0, random.Next(1, _buffer.Length))).Error);
            if (volume.SeekHole(inode, found, out place) != Errno.None || place <= found)
            {
                break;
            }
        }

        Note(volume.Read(inode, sizeBytes - Math.Min(sizeBytes, 5000), _buffer).Error);
    }

    private Errno Operate()
    {
        InodeNumber inode = AnyInode();
        InodeNumber directory = _directories.Count == 0 || random.Next(8) == 0 ? inode : _directories[random.Next(_directories.Count)];
        (InodeNumber from, byte[] name) = _names.Count == 0 ? (directory, [(byte)'x']) : _names[random.Next(_names.Count)];
        byte[] fresh = Encoding.ASCII.GetBytes($"new {random.Next(10)}");
        ulong offset = AnyOffset();
        ulong length = 1 + AnyOffset();
        return random.Next(28) switch
        {
            0 or 1 => volume.Create(directory, fresh, 0x1A4, default, out _),
            2 => volume.MakeDirectory(directory, fresh, 0x1ED, default, out _),
            3 => volume.Symlink(directory, fresh, name, default, out _),
            4 or 5 => volume.Unlink(from, name),
            6 => volume.RemoveDirectory(from, name),
            7 or 8 => volume.Rename(from, name, directory, fresh, RenameFlags.None),
            9 => volume.Rename(from, name, directory, random.Next(2) == 0 || _names.Count == 0 ? fresh : _names[random.Next(_names.Count)].Name, (RenameFlags)random.Next(4)),
            10 => volume.Link(inode, directory, fresh, out _),
            11 or 12 or 13 => volume.Write(inode, offset, _buffer.AsSpan(0, random.Next(1, _buffer.Length))).Error,
            14 or 15 => volume.SetSize(inode, random.Next(3) == 0 ? 0 : offset),
            16 => volume.Allocate(inode, offset, length % (1 << 22), keepsSize: random.Next(2) == 0),
            17 => volume.PunchHole(inode, offset, length),
            18 => volume.ZeroRange(inode, offset, length % (1 << 22), keepsSize: random.Next(2) == 0),
            19 => volume.CollapseRange(inode, offset & ~4095UL, (length + 4095) & ~4095UL),
            20 => volume.InsertRange(inode, offset & ~4095UL, (length + 4095) & ~4095UL),
            21 or 22 => volume.CopyRange(inode, offset, AnyInode(), AnyOffset() & ~4095UL, length % (1 << 22), out _),
            23 => volume.SetXattr(inode, "user.long"u8, _buffer.AsSpan(0, random.Next(random.Next(2) == 0 ? 100 : 65_000))),
            24 => volume.RemoveXattr(inode, random.Next(2) == 0 ? "user.long"u8 : "user.late"u8),
            25 => volume.SetAttributes(inode, new AttributeChange { Fields = AttributeFields.Mode, Mode = (uint)random.Next(0x1000) }, out _),
            26 => volume.SetFlags(inode, InodeFlags.NoDump),
            _ => volume.DeleteOrphans(random.Next(1, 4)),
        };
    }

    private InodeNumber AnyInode() =>
        _inodes.Count == 0 || random.Next(10) == 0 ? new InodeNumber((ulong)random.Next(1, (int)HighestNumber)) : _inodes[random.Next(_inodes.Count)];

    private ulong AnyOffset() => random.Next(8) switch
    {
        0 => 0,
        1 => (ulong)random.NextInt64(),
        2 or 3 => (ulong)random.Next(3000),
        4 or 5 => (ulong)random.Next(300_000),
        _ => (ulong)random.Next(500) * 4096,
    };
}
