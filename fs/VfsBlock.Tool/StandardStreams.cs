using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>Standard input and output as bytes. .NET's own console stream takes a reader that went away for a success.</summary>
internal sealed class StandardStreams : Stream
{
    private readonly HostFile _file;
    private readonly bool _isOutput;

    private StandardStreams(int descriptor)
    {
#pragma warning disable CA2000 // it owns nothing
        _file = new HostFile(new SafeFileHandle(descriptor, ownsHandle: false));
#pragma warning restore CA2000
        _isOutput = descriptor != 0;
    }

    /// <summary>Standard input.</summary>
    public static Stream OpenInput() => new StandardStreams(0);

    /// <summary>Standard output; buffered, so it is to be flushed.</summary>
    public static Stream OpenOutput() => new BufferedStream(new StandardStreams(1), 1 << 16);

    public override bool CanRead => !_isOutput;

    public override bool CanSeek => false;

    public override bool CanWrite => _isOutput;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        IoResult result = _file.ReadNext(buffer);
        return result.Succeeded ? (int)result.Bytes : throw new ToolException($"cannot read standard input: {ErrnoText.Describe(result.Error)}", ExitCode.Failed);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        IoResult result = _file.WriteAllNext(buffer);
        if (!result.Succeeded)
        {
            throw new ToolException(
                result.Error == Errno.EPIPE ? "" : $"cannot write to standard output: {ErrnoText.Describe(result.Error)}",
                ExitCode.Failed);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
