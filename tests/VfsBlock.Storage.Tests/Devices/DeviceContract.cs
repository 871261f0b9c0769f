using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What <see cref="IBlockDevice"/> promises, check by check, for any device of <see cref="SizeBytes"/> zeros.</summary>
internal static class DeviceContract
{
    public const int SizeBytes = 4 << 20;

    private const int Page = 4096;

    private static readonly Dictionary<string, Action<IBlockDevice>> _checks = new()
    {
        ["fresh device reads as zeros"] = device => Assert.Equal(-1, device.ReadAll(0, SizeBytes).AsSpan().IndexOfAnyExcept((byte)0)),
        ["read gives what was written"] = ReadGivesWhatWasWritten,
        ["read ends with the device"] = ReadEndsWithDevice,
        ["read now gives bytes or says wait"] = ReadNowGivesBytesOrSaysWait,
        ["misaligned write is refused"] = MisalignedWriteIsRefused,
        ["write past the end is refused"] = WritePastEndIsRefused,
        ["large write is whole"] = LargeWriteIsWhole,
        ["flush succeeds"] = FlushSucceeds,
        ["discard spares its neighbours"] = DiscardSparesNeighbours,
        ["resize keeps, cuts and adds zeros"] = ResizeKeepsCutsAndAddsZeros,
        ["view shows what was written"] = ViewShowsWhatWasWritten,
        ["view follows growth without moving"] = ViewFollowsGrowth,
        ["threads write side by side"] = ThreadsWriteSideBySide,
    };

    public static TheoryData<string> Checks => [.. _checks.Keys];

    public static void Run(string check, DeviceUnderTest made)
    {
        using (made)
        {
            Assert.Equal(SizeBytes, made.Device.SizeBytes);
            Assert.InRange(made.Device.AlignmentBytes, 1, Page);
            _checks[check](made.Device);
        }
    }

    private static void ReadGivesWhatWasWritten(IBlockDevice device)
    {
        byte[] data = device.WriteRandom(3 * Page, 5 * Page, seed: 1);
        Assert.Equal(data, device.ReadAll(3 * Page, data.Length));
        Assert.Equal(data[17..9000], device.ReadAll((3 * Page) + 17, 9000 - 17));
        Assert.Equal(new byte[Page], device.ReadAll(2 * Page, Page));
        Assert.Equal(new byte[Page], device.ReadAll(8 * Page, Page));
        Assert.Equal(IoResult.Ok(0), device.Read([], 0));
        Assert.Equal(IoResult.Ok(0), device.Write([], 0));
    }

    private static void ReadEndsWithDevice(IBlockDevice device)
    {
        byte[] data = device.WriteRandom(SizeBytes - Page, Page, seed: 2);
        byte[] buffer = new byte[2 * Page];
        Assert.Equal(IoResult.Ok(100), device.Read(buffer, SizeBytes - 100));
        Assert.Equal(data[^100..], buffer[..100]);
        Assert.Equal(IoResult.Ok(100), Now(device, buffer, SizeBytes - 100));
        Assert.Equal(IoResult.Ok(0), device.Read(buffer, SizeBytes));
        Assert.Equal(IoResult.Ok(0), device.Read(buffer, long.MaxValue));
        Assert.Equal(Errno.EINVAL, device.Read(buffer, -1).Error);
        Assert.Equal(Errno.EINVAL, device.ReadNow(buffer, -1).Error);
    }

    private static void ReadNowGivesBytesOrSaysWait(IBlockDevice device)
    {
        byte[] data = device.WriteRandom(0, 4 * Page, seed: 3);
        byte[] buffer = new byte[data.Length];
        IoResult result = device.ReadNow(buffer, 0);
        Assert.Equal(result.Bytes == data.Length ? Errno.None : Errno.EAGAIN, result.Error);
        Assert.Equal(data[..(int)result.Bytes], buffer[..(int)result.Bytes]);
        Assert.Equal(IoResult.Ok(data.Length), Now(device, buffer, 0));
        Assert.Equal(data, buffer);
    }

    private static void MisalignedWriteIsRefused(IBlockDevice device)
    {
        int alignment = device.AlignmentBytes;
        if (alignment == 1)
        {
            return;
        }

        using NativeBuffer data = DeviceBytes.Random(2 * Page, seed: 4);
        Assert.Equal(Errno.EINVAL, device.Write(data.Span[..Page], alignment / 2).Error);
        Assert.Equal(Errno.EINVAL, device.Write(data.Span[..(alignment / 2)], 0).Error);
        Assert.Equal(Errno.EINVAL, device.Write(data.Span.Slice(1, Page), 0).Error);
        Assert.Equal(Errno.EINVAL, device.Write(data.Span[..Page], -Page).Error);
        Assert.Equal(new byte[2 * Page], device.ReadAll(0, 2 * Page));
    }

    private static void WritePastEndIsRefused(IBlockDevice device)
    {
        using NativeBuffer data = DeviceBytes.Random(2 * Page, seed: 5);
        Assert.Equal(IoResult.Fail(Errno.ENOSPC), device.Write(data.Span, SizeBytes - Page));
        Assert.Equal(IoResult.Fail(Errno.ENOSPC), device.Write(data.Span, SizeBytes));
        Assert.Equal(IoResult.Fail(Errno.ENOSPC), device.Write(data.Span, long.MaxValue - Page + 1));
        Assert.Equal(SizeBytes, device.SizeBytes);
        Assert.Equal(new byte[Page], device.ReadAll(SizeBytes - Page, Page));
    }

    private static void LargeWriteIsWhole(IBlockDevice device) =>
        Assert.Equal(device.WriteRandom(0, SizeBytes, seed: 6), device.ReadAll(0, SizeBytes));

    private static void FlushSucceeds(IBlockDevice device)
    {
        Assert.Equal(Errno.None, device.Flush());
        byte[] data = device.WriteRandom(0, Page, seed: 7);
        Assert.Equal(Errno.None, device.Flush());
        Assert.Equal(data, device.ReadAll(0, Page));
    }

    private static void DiscardSparesNeighbours(IBlockDevice device)
    {
        byte[] data = device.WriteRandom(0, 4 * Page, seed: 8);
        Assert.Equal(Errno.None, device.Discard(Page, 2 * Page));
        byte[] after = device.ReadAll(0, 4 * Page);
        Assert.Equal(data[..Page], after[..Page]);
        Assert.Equal(data[(3 * Page)..], after[(3 * Page)..]);
        byte[] range = after[Page..(3 * Page)];
        Assert.True(range.AsSpan().SequenceEqual(data.AsSpan(Page, 2 * Page)) || !range.AsSpan().ContainsAnyExcept((byte)0));
        Assert.Equal(Errno.None, device.Discard(0, 0));
        Assert.Equal(Errno.ENOSPC, device.Discard(SizeBytes, Page));
        Assert.Equal(Errno.EINVAL, device.Discard(-Page, Page));
    }

    private static void ResizeKeepsCutsAndAddsZeros(IBlockDevice device)
    {
        if (!device.CanResize)
        {
            Assert.Equal(Errno.EOPNOTSUPP, device.Resize(2 * SizeBytes));
            Assert.Equal(SizeBytes, device.SizeBytes);
            return;
        }

        byte[] data = device.WriteRandom(SizeBytes - (2 * Page), 2 * Page, seed: 9);
        Assert.Equal(Errno.None, device.Resize(SizeBytes + Page));
        Assert.Equal(SizeBytes + Page, device.SizeBytes);
        Assert.Equal([.. data, .. new byte[Page]], device.ReadAll(SizeBytes - (2 * Page), 3 * Page));
        Assert.Equal(Errno.None, device.Resize(SizeBytes - Page));
        Assert.Equal(SizeBytes - Page, device.SizeBytes);
        Assert.Equal(IoResult.Ok(0), device.Read(new byte[Page], SizeBytes - Page));
        Assert.Equal(Errno.None, device.Resize(SizeBytes));
        Assert.Equal([.. data[..Page], .. new byte[Page]], device.ReadAll(SizeBytes - (2 * Page), 2 * Page));
        Assert.Equal(Errno.EINVAL, device.Resize(-Page));
        Assert.Equal(SizeBytes, device.SizeBytes);
    }

    private static void ViewShowsWhatWasWritten(IBlockDevice device)
    {
        using ReservedRegion? view = device.TryMap(1 << 30);
        if (view is null)
        {
            return;
        }

        Assert.Equal(SizeBytes, view.LengthBytes);
        Assert.False(view.IsWritable);
        for (int round = 0; round < 20; round++)
        {
            // Looked at first, so that the page is in memory when the write passes it by.
            byte[] seen = new byte[2 * Page];
            Assert.Equal(IoResult.Ok(seen.Length), view.CopyTo(Page, seen));
            byte[] data = device.WriteRandom(Page, 2 * Page, seed: round);
            Assert.Equal(IoResult.Ok(seen.Length), view.CopyTo(Page, seen));
            Assert.Equal(data, seen);
        }
    }

    private static void ViewFollowsGrowth(IBlockDevice device)
    {
        using ReservedRegion? view = device.TryMap(1 << 30);
        if (view is null || !device.CanResize)
        {
            return;
        }

        nint address = view.Address;
        Assert.Equal(Errno.None, device.Resize(2 * SizeBytes));
        byte[] data = device.WriteRandom((2 * SizeBytes) - Page, Page, seed: 10);
        Assert.Equal(address, view.Address);
        Assert.Equal(2 * SizeBytes, view.LengthBytes);
        Assert.Equal(data, view.AsReadOnlySpan((2 * SizeBytes) - Page, Page).ToArray());
        Assert.Equal(Errno.None, device.Resize(SizeBytes));
        Assert.Equal(SizeBytes, view.LengthBytes);
    }

    private static void ThreadsWriteSideBySide(IBlockDevice device)
    {
        const int ThreadCount = 4;
        const int Stripe = SizeBytes / ThreadCount;
        var threads = new Thread[ThreadCount];
        Exception? failure = null;
        for (int index = 0; index < ThreadCount; index++)
        {
            int number = index;
            threads[index] = new Thread(() =>
            {
                try
                {
                    for (int round = 0; round < 16; round++)
                    {
                        long offsetBytes = (number * Stripe) + (round * 8 * Page);
                        Assert.Equal(device.WriteRandom(offsetBytes, 8 * Page, number), device.ReadAll(offsetBytes, 8 * Page));
                        Assert.Equal(Errno.None, device.Flush());
                    }
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            });
            threads[index].Start();
        }

        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(1))));
        Assert.Null(failure);
    }

    // What is not in memory comes in by a read; memory pressure may throw it out again, so ask a few times.
    private static IoResult Now(IBlockDevice device, byte[] buffer, long offsetBytes)
    {
        IoResult result = default;
        for (int attempt = 0; attempt < 100; attempt++)
        {
            device.Read(buffer, offsetBytes);
            result = device.ReadNow(buffer, offsetBytes);
            if (result.Error != Errno.EAGAIN)
            {
                break;
            }
        }

        return result;
    }
}
