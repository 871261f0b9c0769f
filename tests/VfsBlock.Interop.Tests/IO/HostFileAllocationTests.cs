using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

[Trait("Id", "IO-12")]
public sealed class HostFileAllocationTests : IDisposable
{
    private readonly ScratchFile _scratch = new(new byte[8192]);
    private readonly NativeBuffer _buffer = new(8192);
    private readonly byte[] _bytes = new byte[4096];
    private readonly IoVec[] _pieces;

    public HostFileAllocationTests() => _pieces = IoVecs.Cut(_buffer, 4);

    [Fact]
    public void IO12_SingleBuffer_ReadAndWrite_AllocateNothing() => AllocationProbe.AssertNone(() =>
    {
        _scratch.File.ReadAt(_bytes, 0);
        _scratch.File.ReadExactlyAt(_bytes, 0);
        _scratch.File.WriteAt(_bytes, 0);
        _scratch.File.WriteAllAt(_bytes, 0);
        _scratch.File.WriteAllAt(_bytes, 0, RwFlags.HighPriority);
    });

    [Fact]
    public void IO12_TwoThousandPieces_ReadAndWrite_AllocateNothing() => AllocationProbe.AssertNone(() =>
    {
        _scratch.File.ReadExactlyAt(_pieces, 0);
        _scratch.File.WriteAllAt(_pieces, 0);
    });

    [Fact]
    public void IO12_Errors_AllocateNothing() => AllocationProbe.AssertNone(() =>
    {
        _scratch.File.ReadAt(_bytes, -1);
        _scratch.File.ReadAt(_bytes, 0, (RwFlags)0x4000_0000);
        _scratch.File.WriteAllAt(_pieces, 0, RwFlags.Append);
    });

    [Fact]
    public void IO12_Cursor_RentUseReturn_AllocateNothing() => AllocationProbe.AssertNone(() =>
    {
        using FileCursor cursor = _scratch.File.RentCursor(0);
        cursor.WriteAll(_bytes);
        cursor.Read(_bytes);
    });

    public void Dispose()
    {
        _scratch.Dispose();
        _buffer.Dispose();
    }
}
