using System.IO.Compression;

namespace VfsBlock.Tool;

/// <summary>Opens what a tar stream comes from: standard input or a file, packed by gzip or not. Stateless.</summary>
internal static class TarInput
{
    private const int BufferBytes = 1 << 18;

    /// <summary>Opens it.</summary>
    /// <param name="source">A path, or "-" for standard input.</param>
    /// <exception cref="ToolException">There is no such file, or it is packed in a way that this program does not unpack.</exception>
    public static Stream Open(string source)
    {
        Stream stream = source == "-" ? new BufferedStream(StandardStreams.OpenInput(), BufferBytes) : OpenFile(source);
        if (!stream.CanSeek)
        {
            return stream;
        }

        Span<byte> start = stackalloc byte[6];
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        start = start[..count];
        string? packer = start.StartsWith("BZh"u8) ? "bzip2" : start.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z']) ? "xz"
            : start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? "zstd" : null;
        if (packer is not null)
        {
            stream.Dispose();
            throw new ToolException($"{Complaint.Show(source)} is packed by {packer}; unpack it on the way: {packer} -dc FILE | vfsblock import IMAGE -", ExitCode.Usage);
        }

        return start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? new BufferedStream(new GZipStream(stream, CompressionMode.Decompress), BufferBytes) : stream;
    }

    private static FileStream OpenFile(string source)
    {
        try
        {
            return new FileStream(ImageFile.Usable(source), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot read '{Complaint.Show(source)}': {exception.Message}", ExitCode.Failed);
        }
    }
}
