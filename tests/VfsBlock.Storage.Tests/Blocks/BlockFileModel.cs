using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What a block file must hold: one value for each allocated block, now and as of the last sync.</summary>
internal sealed class BlockFileModel(BlockFileFixture image, Random random)
{
    private const int MaxRun = 9;

    private readonly Dictionary<ulong, byte> _now = [];
    private readonly List<ulong> _blocks = [];
    private Dictionary<ulong, byte> _synced = [];
    private byte _controlNow;
    private byte _controlSynced;
    private int _fullCount;
    private int _busyCount;
    private int _reopenCount;
    private int _refusedCount;
    private int _longRunCount;

    public bool IsWorthwhile => _fullCount > 0 && _reopenCount > 0 && _refusedCount > 0 && _longRunCount > 0;

    public override string ToString() =>
        $"{_now.Count} blocks at the end, {_fullCount} times full, {_busyCount} times out of frames, {_reopenCount} reopened, {_refusedCount} wrong calls refused, {_longRunCount} long runs read";

    public void Step()
    {
        switch (random.Next(100))
        {
            case < 30:
                Allocate();
                break;
            case < 50:
                Free();
                break;
            case < 75:
                Edit();
                break;
            case < 96:
                Read();
                break;
            case < 97:
                CallWrongly();
                break;
            default:
                SyncOrReopen();
                break;
        }
    }

    public void AssertAll()
    {
        foreach ((ulong block, byte value) in _now)
        {
            image.AssertFilled(new BlockNumber(block), 1, value);
        }

        Assert.Equal(UsedBlocks(), _now.Count);
    }

    private long UsedBlocks()
    {
        var layout = new ImageLayout(image.File.BlockSizeBytes);
        ulong size = (ulong)(image.File.SizeBytes / image.File.BlockSizeBytes);
        return (long)(size - layout.FirstGroupBlock) - layout.ReservedBlocks(0) - image.File.FreeBlockCount;
    }

    private void Allocate()
    {
        int count = random.Next(4) == 0 ? random.Next(1, MaxRun + 1) : 1;
        Errno error = image.File.AllocateBlocks(count, out BlockNumber first);
        if (error == Errno.ENOSPC)
        {
            _fullCount++;
            FreeSome();
            return;
        }

        Assert.Equal(Errno.None, error);
        for (ulong block = first.Value; block < first.Value + (ulong)count; block++)
        {
            Assert.True(_now.TryAdd(block, 0), $"block {block} was handed out twice");
            _blocks.Add(block);
        }
    }

    private void FreeSome()
    {
        for (int count = _blocks.Count / 2; count > 0; count--)
        {
            Free();
        }

        Sync();
        Sync();
    }

    private void Free()
    {
        if (_blocks.Count == 0)
        {
            return;
        }

        int index = random.Next(_blocks.Count);
        ulong block = _blocks[index];
        _blocks[index] = _blocks[^1];
        _blocks.RemoveAt(_blocks.Count - 1);
        _now.Remove(block);
        Assert.Equal(Errno.None, image.File.Free(new BlockNumber(block)));
        if (random.Next(50) == 0)
        {
            Assert.Equal(Errno.ENOENT, image.File.Free(new BlockNumber(block)));
            _refusedCount++;
        }
    }

    private void Edit()
    {
        if (!TryPickRun(out ulong first, out int count))
        {
            return;
        }

        byte value = (byte)random.Next(1, 256);
        Errno error = image.File.DoEdit(new BlockNumber(first), count, value, static (bytes, state) => bytes.Fill(state));
        if (error is Errno.EBUSY or Errno.ENOSPC)
        {
            _busyCount++;
            Sync();
            return;
        }

        Assert.Equal(Errno.None, error);
        for (int block = 0; block < count; block++)
        {
            _now[first + (ulong)block] = value;
        }
    }

    private void Read()
    {
        if (!TryPickRun(out ulong first, out int count))
        {
            return;
        }

        Errno error = image.File.Get(new BlockNumber(first), count, out BlockReadLease lease);
        if (error == Errno.EBUSY)
        {
            _busyCount++;
            Sync();
            return;
        }

        Assert.Equal(Errno.None, error);
        _longRunCount += count > 4 ? 1 : 0;
        using (lease)
        {
            for (int block = 0; block < count; block++)
            {
                ReadOnlySpan<byte> bytes = lease.Span.Slice(block * image.File.BlockSizeBytes, image.File.BlockSizeBytes);
                Assert.Equal(-1, bytes.IndexOfAnyExcept(_now[first + (ulong)block]));
            }
        }
    }

    private void CallWrongly()
    {
        _refusedCount++;
        Assert.Equal(Errno.EINVAL, image.File.Free(new BlockNumber((ulong)random.Next(0, 70) % 4)));
        Assert.Equal(Errno.EINVAL, image.File.Free(new BlockNumber(ulong.MaxValue - (ulong)random.Next(5)), 8));
        Assert.Equal(Errno.EINVAL, image.File.AllocateBlocks(-random.Next(2), out _));
        ulong free = image.File.SizeBytes <= 0 ? 0 : (ulong)random.NextInt64(image.File.SizeBytes / image.File.BlockSizeBytes);
        if (!_now.ContainsKey(free))
        {
            Assert.NotEqual(Errno.None, image.File.Get(new BlockNumber(free), 1, out _));
        }
    }

    private void SyncOrReopen()
    {
        if (random.Next(4) != 0)
        {
            _controlNow = (byte)random.Next(256);
            Assert.Equal(Errno.None, image.File.SetControlDataNoSync([_controlNow]));
            Sync();
            return;
        }

        _reopenCount++;
        if (random.Next(2) == 0)
        {
            Assert.Equal(Errno.None, image.File.Close());
            Remember();
        }

        image.Reopen();
        _now.Clear();
        _blocks.Clear();
        _controlNow = _controlSynced;
        foreach ((ulong block, byte value) in _synced)
        {
            _now.Add(block, value);
            _blocks.Add(block);
        }

        Assert.Equal(_synced.Count, UsedBlocks());
        Assert.Equal(_controlSynced, image.File.ControlData().FirstOrDefault());
    }

    private void Sync()
    {
        Assert.Equal(Errno.None, image.File.Sync());
        Remember();
    }

    private void Remember()
    {
        _synced = new Dictionary<ulong, byte>(_now);
        _controlSynced = _controlNow;
    }

    private bool TryPickRun(out ulong first, out int count)
    {
        first = 0;
        count = 0;
        if (_blocks.Count == 0)
        {
            return false;
        }

        first = _blocks[random.Next(_blocks.Count)];
        int most = random.Next(1, MaxRun + 1);
        while (count < most && _now.ContainsKey(first + (ulong)count))
        {
            count++;
        }

        return true;
    }
}
