using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Changes of items out of a log, gathered so that they can be done in the order of their keys: each leaf once, and next to the one before.</summary>
/// <remarks>Owns its memory: what describes the changes grows from its beginning, their values from its end. One thread.</remarks>
internal sealed class ReplayWindow(int memoryBytes) : IDisposable
{
    private readonly NativeBuffer _memory = new(memoryBytes);
    private int _count;
    private int _valueStart = memoryBytes;

    /// <summary>What was added; in the order of trees and keys after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<ReplayItem> Items => All[.._count];

    private Span<ReplayItem> All => MemoryMarshal.Cast<byte, ReplayItem>(_memory.Span);

    /// <summary>Takes a copy of a record that puts, deletes or patches.</summary>
    /// <returns>False if it does not fit any more.</returns>
    public bool TryAdd(in LogRecord record)
    {
        int valueStart = _valueStart - record.Value.Length;
        if (valueStart < (_count + 1) * Unsafe.SizeOf<ReplayItem>())
        {
            return false;
        }

        record.Value.CopyTo(_memory.Span[valueStart..]);
        All[_count] = new ReplayItem(record.Key, _count, valueStart, (ushort)record.Value.Length, (ushort)record.OffsetBytes, record.Kind, record.Tree);
        _count++;
        _valueStart = valueStart;
        return true;
    }

    /// <summary>Sorts what was added.</summary>
    public void Sort() => All[.._count].Sort();

    /// <summary>The value of a change.</summary>
    public ReadOnlySpan<byte> ValueOf(in ReplayItem item) => _memory.Span.Slice(item.ValueStart, item.ValueBytes);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _count = 0;
        _valueStart = _memory.Length;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
