using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>A file in a directory of the test's own, opened as a <see cref="HostFile"/>.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly TempDirectory _directory;

    public ScratchFile(ReadOnlySpan<byte> content, OpenFlags flags = OpenFlags.ReadWrite, string? parent = null)
    {
        _directory = new TempDirectory(parent);
        Path = _directory.File("file");
        System.IO.File.WriteAllBytes(Path, content);
        File = HostFile.Open(Path, flags);
    }

    public string Path { get; }

    public HostFile File { get; }

    /// <summary>What the file holds, read by other means.</summary>
    public byte[] Content => System.IO.File.ReadAllBytes(Path);

    /// <summary>The descriptor's own position.</summary>
    public long PositionBytes =>
        Mono.Unix.Native.Syscall.lseek((int)File.Handle.DangerousGetHandle(), 0, Mono.Unix.Native.SeekFlags.SEEK_CUR);

    /// <summary>Bytes that repeat only after a long way, so that a piece in the wrong place shows.</summary>
    public static byte[] Pattern(int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        new Random(lengthBytes).NextBytes(bytes);
        return bytes;
    }

    public void SeekTo(long positionBytes) => Assert.Equal(positionBytes, Mono.Unix.Native.Syscall.lseek(
        (int)File.Handle.DangerousGetHandle(), positionBytes, Mono.Unix.Native.SeekFlags.SEEK_SET));

    public void Dispose()
    {
        File.Dispose();
        _directory.Dispose();
    }
}
