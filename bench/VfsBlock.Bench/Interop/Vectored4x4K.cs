using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>Four pieces of 4 KiB at an offset, by one call.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public unsafe class Vectored4x4K : IDisposable
{
    private const int PieceBytes = 4096;
    private const int PieceCount = 4;
    private const long OffsetBytes = 8192;

    private ScratchFile _file = null!;
    private HostFile _host = null!;
    private int _descriptor;
    private IoVec[] _vectors = [];
    private Memory<byte>[] _memories = [];
    private ReadOnlyMemory<byte>[] _readOnlyMemories = [];

    /// <summary>Makes the file.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _file = new ScratchFile();
        _host = _file.Host;
        _descriptor = _file.Descriptor;
        // Pinned, so that the bare call may use its address.
        _vectors = GC.AllocateArray<IoVec>(PieceCount, pinned: true);
        for (int index = 0; index < PieceCount; index++)
        {
            // Every other page: neighbours would be one piece in disguise.
            _vectors[index] = new IoVec(_file.Memory, index * 2 * PieceBytes, PieceBytes);
        }

        _memories = [.. Enumerable.Range(0, PieceCount).Select(_ => GC.AllocateArray<byte>(PieceBytes, pinned: true).AsMemory())];
        _readOnlyMemories = [.. _memories.Select(memory => (ReadOnlyMemory<byte>)memory)];
    }

    /// <summary>Closes the file.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>preadv2(2).</summary>
    [Benchmark(Baseline = true, Description = "preadv2"), BenchmarkCategory("read")]
    public long BareRead()
    {
        fixed (IoVec* vectors = _vectors)
        {
            return BareLibc.preadv2(_descriptor, vectors, PieceCount, OffsetBytes, 0);
        }
    }

    /// <summary>One call of ours.</summary>
    [Benchmark(Description = "HostFile.ReadAt"), BenchmarkCategory("read")]
    public long ReadAt() => _host.ReadAt(_vectors, OffsetBytes).Bytes;

    /// <summary>All of it, by ours.</summary>
    [Benchmark(Description = "HostFile.ReadExactlyAt"), BenchmarkCategory("read")]
    public long ReadExactlyAt() => _host.ReadExactlyAt(_vectors, OffsetBytes).Bytes;

    /// <summary>What .NET has.</summary>
    [Benchmark(Description = "RandomAccess.Read"), BenchmarkCategory("read")]
    public long DotNetRead() => RandomAccess.Read(_host.Handle, _memories, OffsetBytes);

    /// <summary>pwritev2(2).</summary>
    [Benchmark(Baseline = true, Description = "pwritev2"), BenchmarkCategory("write")]
    public long BareWrite()
    {
        fixed (IoVec* vectors = _vectors)
        {
            return BareLibc.pwritev2(_descriptor, vectors, PieceCount, OffsetBytes, 0);
        }
    }

    /// <summary>One call of ours.</summary>
    [Benchmark(Description = "HostFile.WriteAt"), BenchmarkCategory("write")]
    public long WriteAt() => _host.WriteAt(_vectors, OffsetBytes).Bytes;

    /// <summary>All of it, by ours.</summary>
    [Benchmark(Description = "HostFile.WriteAllAt"), BenchmarkCategory("write")]
    public long WriteAllAt() => _host.WriteAllAt(_vectors, OffsetBytes).Bytes;

    /// <summary>What .NET has.</summary>
    [Benchmark(Description = "RandomAccess.Write"), BenchmarkCategory("write")]
    public void DotNetWrite() => RandomAccess.Write(_host.Handle, _readOnlyMemories, OffsetBytes);
}
