using System.Runtime.CompilerServices;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Leases: who may use a buffer when, without any queue.</summary>
public sealed class IoBufferPoolTests
{
    [Fact]
    public void Rent_EveryBuffer_IsItsOwnAndPageAligned()
    {
        using var pool = new IoBufferPool(4096, 3);
        IoBufferLease[] leases = [pool.Rent(), pool.Rent(), pool.Rent()];
        nint[] addresses = [.. leases.Select(lease => lease.Hold(forFill: true))];

        Assert.Equal(3, addresses.Distinct().Count());
        Assert.All(addresses, address => Assert.Equal(0, address % 4096));
        Assert.False(pool.TryRent(out _));
        Assert.Throws<InvalidOperationException>(() => pool.Rent());
        Assert.Equal((3, 0), (pool.BufferCount, pool.FreeCount));
        Array.ForEach(leases, lease => lease.Release());
    }

    [Fact]
    public void Return_Twice_FreesOnceAndTheOldLeaseIsDead()
    {
        using var pool = new IoBufferPool(16, 1);
        IoBufferLease old = pool.Rent();
        old.Dispose();
        IoBufferLease next = pool.Rent();

        old.Dispose();

        Assert.Equal(0, pool.FreeCount);
        Assert.True(old != next);
        Assert.Throws<ObjectDisposedException>(() => old.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => old.ReadOnlySpan.Length);
        Assert.Throws<ObjectDisposedException>(() => old.IsInFlight);
        Assert.Throws<ObjectDisposedException>(() => old.Hold(forFill: false));
        Assert.Equal(16, next.Span.Length);
    }

    [Fact]
    public void Default_Lease_IsRefusedEverywhere()
    {
        IoBufferLease none = default;

        none.Dispose();
        Assert.Throws<ObjectDisposedException>(() => none.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => none.All());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 17)]
    [InlineData(16, 1)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    public void Slice_NotInsideTheBuffer_IsRefused(int offsetBytes, int lengthBytes)
    {
        using var pool = new IoBufferPool(16, 2);
        IoBufferLease lease = pool.Rent();

        Assert.Throws<ArgumentOutOfRangeException>(() => lease.Slice(offsetBytes, lengthBytes));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(int.MaxValue, 2)]
    public void Create_SizesOutOfRange_IsRefused(int bufferLengthBytes, int bufferCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IoBufferPool(bufferLengthBytes, bufferCount));

    [Fact]
    public void Dispose_WithIdleLeases_EndsThem()
    {
        var pool = new IoBufferPool(16, 1);
        IoBufferLease lease = pool.Rent();

        pool.Dispose();
        pool.Dispose();

        Assert.Throws<ObjectDisposedException>(() => lease.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => lease.Hold(forFill: true));
        lease.Dispose();
    }

    [Fact]
    [Trait("Id", "AIO-16")]
    public void AIO16_NativeBuffer_HeldAndForgotten_IsFreedAfterTheRelease()
    {
        WeakReference memory = HoldAndForget();
        Collect();
        Assert.True(memory.IsAlive);
        Assert.Throws<InvalidOperationException>(() => ((NativeBuffer)memory.Target!).Dispose());

        Release(memory);

        Assert.True(SpinWait.SpinUntil(() => !AskAfterCollection(memory), TimeSpan.FromSeconds(60)), "the memory was never freed");
    }

    [Fact]
    public void NativeBuffer_ReleaseWithoutHold_IsRefused()
    {
        using var buffer = new NativeBuffer(16);

        buffer.Hold();
        buffer.Release();

        Assert.Throws<InvalidOperationException>(buffer.Release);
        buffer.Hold();
        buffer.Release();
    }

    [Fact]
    public void RentAndReturn_SteadyState_AllocatesNothing()
    {
        using var pool = new IoBufferPool(16, 2);

        AllocationProbe.AssertNone(() =>
        {
            using IoBufferLease lease = pool.Rent();
            lease.Span[0] = 1;
        });
    }

    private static bool AskAfterCollection(WeakReference reference)
    {
        Collect();
        return reference.IsAlive;
    }

    // Several rounds: what a finaliser brought back once must survive the next collection as well.
    private static void Collect()
    {
        for (int round = 0; round < 4; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    // Methods of their own, so that no local of the test keeps the buffer alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference HoldAndForget()
    {
        var buffer = new NativeBuffer(4096);
        buffer.Hold();
        return new WeakReference(buffer, trackResurrection: true);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Release(WeakReference memory) => ((NativeBuffer)memory.Target!).Release();
}
