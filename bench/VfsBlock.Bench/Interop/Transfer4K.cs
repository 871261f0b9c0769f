using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>4 KiB at an offset, from and to the page cache.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public unsafe class Transfer4K : IDisposable
{
    private const int LengthBytes = 4096;
    private const long OffsetBytes = 8192;

    private ScratchFile _file = null!;
    private HostFile _host = null!;
    private int _descriptor;
    private byte* _address;

    /// <summary>Makes the file.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _file = new ScratchFile();
        _host = _file.Host;
        _descriptor = _file.Descriptor;
        _address = (byte*)_file.Memory.Address;
    }

    /// <summary>Closes the file.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>pread(2).</summary>
    [Benchmark(Baseline = true, Description = "pread"), BenchmarkCategory("read")]
    public long BareRead() => BareLibc.pread(_descriptor, _address, LengthBytes, OffsetBytes);

    /// <summary>One call of ours.</summary>
    [Benchmark(Description = "HostFile.ReadAt"), BenchmarkCategory("read")]
    public long ReadAt() => _host.ReadAt(new Span<byte>(_address, LengthBytes), OffsetBytes).Bytes;

    /// <summary>All of it, by ours.</summary>
    [Benchmark(Description = "HostFile.ReadExactlyAt"), BenchmarkCategory("read")]
    public long ReadExactlyAt() => _host.ReadExactlyAt(new Span<byte>(_address, LengthBytes), OffsetBytes).Bytes;

    /// <summary>What .NET has.</summary>
    [Benchmark(Description = "RandomAccess.Read"), BenchmarkCategory("read")]
    public long DotNetRead() => RandomAccess.Read(_host.Handle, new Span<byte>(_address, LengthBytes), OffsetBytes);

    /// <summary>pwrite(2).</summary>
    [Benchmark(Baseline = true, Description = "pwrite"), BenchmarkCategory("write")]
    public long BareWrite() => BareLibc.pwrite(_descriptor, _address, LengthBytes, OffsetBytes);

    /// <summary>One call of ours.</summary>
    [Benchmark(Description = "HostFile.WriteAt"), BenchmarkCategory("write")]
    public long WriteAt() => _host.WriteAt(new ReadOnlySpan<byte>(_address, LengthBytes), OffsetBytes).Bytes;

    /// <summary>All of it, by ours.</summary>
    [Benchmark(Description = "HostFile.WriteAllAt"), BenchmarkCategory("write")]
    public long WriteAllAt() => _host.WriteAllAt(new ReadOnlySpan<byte>(_address, LengthBytes), OffsetBytes).Bytes;

    /// <summary>What .NET has.</summary>
    [Benchmark(Description = "RandomAccess.Write"), BenchmarkCategory("write")]
    public void DotNetWrite() => RandomAccess.Write(_host.Handle, new ReadOnlySpan<byte>(_address, LengthBytes), OffsetBytes);
}
