using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>
/// Any device, with faults where a test wants them. Without faults it is the device under it. Its queue carries a write out, faults included,
/// when it is reaped. A view shows the device as it is, without faults.
/// </summary>
/// <remarks>Owns the device under it. Any thread may call; one lock over the faults, none over I/O or while a gate is closed.</remarks>
public sealed class FaultyDevice(IBlockDevice inner) : IBlockDevice
{
    private const int BitsPerByte = 8;

    private readonly Lock _gate = new();
    private readonly List<ArmedFault> _faults = [];

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int AlignmentBytes => inner.AlignmentBytes;

    /// <inheritdoc/>
    public bool IsReadOnly => inner.IsReadOnly;

    /// <inheritdoc/>
    public long SizeBytes => inner.SizeBytes;

    /// <inheritdoc/>
    public bool CanResize => inner.CanResize;

    /// <summary>If set, reads wait until it is.</summary>
    public ManualResetEventSlim? ReadGate { get; set; }

    /// <summary>If set, writes wait until it is; those of a queue when they are reaped.</summary>
    public ManualResetEventSlim? WriteGate { get; set; }

    /// <summary>If set, flushes wait until it is.</summary>
    public ManualResetEventSlim? FlushGate { get; set; }

    /// <summary>How many faults have happened.</summary>
    public int HappenedCount { get; private set; }

    /// <summary>Arms a fault. Several that meet the same call: the one armed first happens.</summary>
    public void Inject(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(fault.Nth, 1);
        lock (_gate)
        {
            _faults.Add(new ArmedFault(fault));
        }
    }

    /// <summary>Disarms every fault that has not happened yet, and ends those that go on for ever.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes)
    {
        ReadGate?.Wait();
        return Spoil(inner.Read(buffer, offsetBytes), buffer);
    }

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes)
    {
        if (ReadGate is { IsSet: false })
        {
            return IoResult.Fail(Errno.EAGAIN);
        }

        IoResult result = inner.ReadNow(buffer, offsetBytes);
        return result.Error == Errno.EAGAIN ? result : Spoil(result, buffer);
    }

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes)
    {
        WriteGate?.Wait();
        Errno refusal = DeviceRules.CheckWrite(this, data, offsetBytes);
        if (refusal != Errno.None)
        {
            return IoResult.Fail(refusal);
        }

        Fault? fault = Next(FaultKind.WriteError, FaultKind.ShortWrite, FaultKind.LostWrite, FaultKind.MisdirectedWrite);
        switch (fault?.Kind)
        {
            case FaultKind.WriteError:
                return IoResult.Fail(fault.Error);
            case FaultKind.ShortWrite:
                IoResult kept = inner.Write(data[..Math.Min(fault.KeptBytes, data.Length)], offsetBytes);
                return kept.Succeeded ? kept with { Error = fault.Error } : kept;
            case FaultKind.LostWrite:
                return IoResult.Ok(data.Length);
            case FaultKind.MisdirectedWrite:
                return inner.Write(data, fault.TargetOffsetBytes);
            default:
                return inner.Write(data, offsetBytes);
        }
    }

    /// <inheritdoc/>
    public Errno Flush()
    {
        FlushGate?.Wait();
        return Next(FaultKind.FlushError)?.Error ?? inner.Flush();
    }

    /// <inheritdoc/>
    public Errno Discard(long offsetBytes, long lengthBytes) => inner.Discard(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public Errno Resize(long sizeBytes) => Next(FaultKind.ResizeError)?.Error ?? inner.Resize(sizeBytes);

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth) => new DeferredQueue(this, WriteGathered, depth);

    /// <inheritdoc/>
    public ReservedRegion? TryMap(long capacityBytes) => inner.TryMap(capacityBytes);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    // One write of the queue is one write of the device, however many pieces it has.
    private unsafe IoResult WriteGathered(DeferredWrite write)
    {
        long lengthBytes = 0;
        foreach (IoVec piece in write.Pieces)
        {
            lengthBytes += (long)piece.LengthBytes;
        }

        using var buffer = new NativeBuffer((int)Math.Max(1, lengthBytes));
        Span<byte> rest = buffer.Span;
        foreach (IoVec piece in write.Pieces)
        {
            new ReadOnlySpan<byte>((void*)piece.Address, (int)piece.LengthBytes).CopyTo(rest);
            rest = rest[(int)piece.LengthBytes..];
        }

        return Write(buffer.Span[..(int)lengthBytes], write.OffsetBytes);
    }

    private IoResult Spoil(IoResult result, Span<byte> buffer)
    {
        Fault? fault = Next(FaultKind.ReadError, FaultKind.ReadBitFlip);
        if (fault is null || !result.Succeeded)
        {
            return result;
        }

        if (fault.Kind == FaultKind.ReadError)
        {
            buffer.Fill(0xEE);
            return IoResult.Fail(fault.Error);
        }

        if (fault.BitIndex / BitsPerByte < result.Bytes)
        {
            buffer[fault.BitIndex / BitsPerByte] ^= (byte)(1 << (fault.BitIndex % BitsPerByte));
        }

        return result;
    }

    // The fault of this call, if it has one. Every armed fault of its sort counts the call.
    private Fault? Next(params ReadOnlySpan<FaultKind> kinds)
    {
        lock (_gate)
        {
            Fault? happening = null;
            foreach (ref ArmedFault armed in CollectionsMarshal.AsSpan(_faults))
            {
                if (kinds.Contains(armed.Fault.Kind) && ++armed.CallCount >= armed.Fault.Nth && happening is null)
                {
                    happening = armed.Fault;
                }
            }

            _faults.RemoveAll(static armed => armed.CallCount >= armed.Fault.Nth && !armed.Fault.IsForEver);
            HappenedCount += happening is null ? 0 : 1;
            return happening;
        }
    }

    private struct ArmedFault(Fault fault)
    {
        public readonly Fault Fault = fault;
        public int CallCount;
    }
}
