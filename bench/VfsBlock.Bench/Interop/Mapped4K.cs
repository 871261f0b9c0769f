using System.Buffers;
using System.IO.MemoryMappedFiles;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>4 KiB out of a mapped file, into it, and to the device, beside the call that needs no mapping.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public unsafe class Mapped4K : IDisposable
{
    private const int LengthBytes = 4096;
    private const int OffsetBytes = 8192;

    private static readonly ReadOnlySpanAction<byte, nint> _copyOut =
        (span, destination) => span.CopyTo(new Span<byte>((void*)destination, LengthBytes));

    private ScratchFile _file = null!;
    private MappedRegion _region = null!;
    private MemoryMappedFile _dotNetFile = null!;
    private MemoryMappedViewAccessor _dotNetView = null!;
    private byte[] _array = [];
    private int _descriptor;
    private byte* _address;
    private byte* _mapped;

    /// <summary>Makes the file and maps it.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _file = new ScratchFile();
        _descriptor = _file.Descriptor;
        _address = (byte*)_file.Memory.Address;
        _region = MappedRegion.MapFile(_file.Host.Handle, MapAccess.ReadWrite);
        _mapped = (byte*)_region.Address + OffsetBytes;
        _dotNetFile = MemoryMappedFile.CreateFromFile(
            _file.Host.Handle, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _dotNetView = _dotNetFile.CreateViewAccessor();
        _array = new byte[LengthBytes];
    }

    /// <summary>Unmaps and closes the file.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _dotNetView.Dispose();
        _dotNetFile.Dispose();
        _region.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>pread(2).</summary>
    [Benchmark(Baseline = true, Description = "pread"), BenchmarkCategory("read")]
    public long BareRead() => BareLibc.pread(_descriptor, _address, LengthBytes, OffsetBytes);

    /// <summary>A plain copy: a truncated file would end the process.</summary>
    [Benchmark(Description = "memcpy"), BenchmarkCategory("read")]
    public void BareCopyOut() => new ReadOnlySpan<byte>(_mapped, LengthBytes).CopyTo(new Span<byte>(_address, LengthBytes));

    /// <summary>The copy that survives a truncated file.</summary>
    [Benchmark(Description = "MappedRegion.CopyTo"), BenchmarkCategory("read")]
    public long CopyTo() => _region.CopyTo(OffsetBytes, new Span<byte>(_address, LengthBytes)).Bytes;

    /// <summary>Populate, then a plain copy.</summary>
    [Benchmark(Description = "MappedRegion.View"), BenchmarkCategory("read")]
    public Errno View() => _region.View(OffsetBytes, LengthBytes, (nint)_address, _copyOut);

    /// <summary>What .NET has.</summary>
    [Benchmark(Description = "MemoryMappedViewAccessor.ReadArray"), BenchmarkCategory("read")]
    public int DotNetRead() => _dotNetView.ReadArray(OffsetBytes, _array, 0, LengthBytes);

    /// <summary>pwrite(2).</summary>
    [Benchmark(Baseline = true, Description = "pwrite"), BenchmarkCategory("write")]
    public long BareWrite() => BareLibc.pwrite(_descriptor, _address, LengthBytes, OffsetBytes);

    /// <summary>A plain copy: a full disk would end the process.</summary>
    [Benchmark(Description = "memcpy"), BenchmarkCategory("write")]
    public void BareCopyIn() => new ReadOnlySpan<byte>(_address, LengthBytes).CopyTo(new Span<byte>(_mapped, LengthBytes));

    /// <summary>The copy that survives a full disk.</summary>
    [Benchmark(Description = "MappedRegion.CopyFrom"), BenchmarkCategory("write")]
    public long CopyFrom() => _region.CopyFrom(OffsetBytes, new ReadOnlySpan<byte>(_address, LengthBytes)).Bytes;

    /// <summary>What .NET has.</summary>
    [Benchmark(Description = "MemoryMappedViewAccessor.WriteArray"), BenchmarkCategory("write")]
    public void DotNetWrite() => _dotNetView.WriteArray(OffsetBytes, _array, 0, LengthBytes);

    /// <summary>msync(2) with MS_SYNC; on a tmpfs only the call itself.</summary>
    [Benchmark(Baseline = true, Description = "msync"), BenchmarkCategory("flush")]
    public int BareFlush() => BareLibc.msync(_mapped, LengthBytes, BareLibc.SynchronousFlush);

    /// <summary>Ours.</summary>
    [Benchmark(Description = "MappedRegion.Flush"), BenchmarkCategory("flush")]
    public Errno Flush() => _region.Flush(OffsetBytes, LengthBytes, FlushMode.Durable);

    /// <summary>What .NET has: always the whole view.</summary>
    [Benchmark(Description = "MemoryMappedViewAccessor.Flush"), BenchmarkCategory("flush")]
    public void DotNetFlush() => _dotNetView.Flush();
}
