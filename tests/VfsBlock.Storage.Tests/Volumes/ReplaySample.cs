using System.Globalization;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.Storage.Tests.Trees;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>A volume of some hundred files that was not closed: its log holds random changes of all kinds.</summary>
internal sealed class ReplaySample : IDisposable
{
    private const int FileCount = 1200;
    private const int ChangeCount = 500;
    private const int DataBytes = 5000;

    private readonly SimDisk _disk = new(0);
    private readonly Random _random;
    private readonly List<(string Name, InodeNumber Inode)> _files = [];
    private int _nextName;

    public ReplaySample(int seed)
    {
        _random = new Random(seed);
        Volume.Format(_disk, new VolumeFormat { LogBytes = 4 << 20 });
        Volume volume = Volume.Open(new LentDevice(_disk));
        for (int count = 0; count < FileCount; count++)
        {
            Create(volume);
        }

        Assert.Equal(Errno.None, volume.Checkpoint());
        for (int count = 1; count <= ChangeCount; count++)
        {
            Change(volume);
            if (count % 50 == 0)
            {
                Assert.Equal(Errno.None, volume.Sync());
            }
        }

        Assert.False(volume.Image.IsLogEmpty);
        volume.Image.Dispose();
        _disk.Settle();
        Expected = Read(Crashed(), new VolumeOptions());
    }

    /// <summary>So little memory for a replay that it writes nodes ahead all the time, and gathers few changes at once.</summary>
    public static VolumeOptions Tight { get; } = new() { ReplayNodeCount = 16, ReplayWindowBytes = 48 << 10 };

    /// <summary>What a replay gives.</summary>
    public ReplayResult Expected { get; }

    /// <summary>The image as the crash left it.</summary>
    public SimDisk Crashed() => _disk.Fork();

    /// <summary>Opens a disk, takes everything down, and lets it go as in a crash.</summary>
    public static ReplayResult Read(IBlockDevice disk, VolumeOptions options)
    {
        Volume volume = Volume.Open(new LentDevice(disk), options);
        try
        {
            VolumeState state = volume.Core.State;
            StringBuilder text = new();
            text.Append(CultureInfo.InvariantCulture, $"{state.InodeCount} inodes, next {state.NextInode}, {state.DataBlockCount} blocks of data\n");
            foreach ((TreeKey key, byte[] value) in new TreeDriver(volume.Core.Store, volume.Core.Files).ReadForward())
            {
                text.Append(CultureInfo.InvariantCulture, $"{key} {Convert.ToHexString(value)}\n");
            }

            return new ReplayResult(text.ToString());
        }
        finally
        {
            volume.Image.Dispose();
        }
    }

    public void Dispose() => _disk.Dispose();

    private void Create(Volume volume)
    {
        string name = $"file {_nextName++}";
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Encoding.ASCII.GetBytes(name), ModeBits.AllPermissions, default, out InodeEntry entry));
        _files.Add((name, entry.Number));
    }

    private void Change(Volume volume)
    {
        int index = _random.Next(_files.Count);
        (string name, InodeNumber inode) = _files[index];
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        switch (_random.Next(6))
        {
            case 0:
                Create(volume);
                break;
            case 1:
                Assert.Equal(Errno.None, volume.Unlink(InodeNumber.Root, bytes));
                _files.RemoveAt(index);
                break;
            case 2:
                string newName = $"file {_nextName++} with another name";
                Assert.Equal(Errno.None, volume.Rename(InodeNumber.Root, bytes, InodeNumber.Root, Encoding.ASCII.GetBytes(newName)));
                _files[index] = (newName, inode);
                break;
            case 3:
                var data = new byte[_random.Next(2) == 0 ? DataBytes : DataBytes / 10];
                _random.NextBytes(data);
                Assert.Equal(data.Length, volume.Write(inode, (ulong)_random.Next(DataBytes), data).Bytes);
                break;
            case 4:
                Assert.Equal(Errno.None, volume.SetSize(inode, (ulong)_random.Next(DataBytes)));
                break;
            default:
                var change = new AttributeChange { Fields = AttributeFields.Mode, Mode = (uint)_random.Next(512) };
                Assert.Equal(Errno.None, volume.SetAttributes(inode, change, out _));
                break;
        }
    }
}
