using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// A request taken apart. Nothing of it is believed before it was checked: whoever holds a reader that was read without
/// an error may use all it gives.
/// </summary>
/// <remarks>
/// Points into the request's memory, which must stay as it is meanwhile; reads nothing outside; allocates nothing.
/// </remarks>
public ref partial struct FuseRequestReader
{
    private ReadOnlySpan<byte> _argument;
    private ReadOnlySpan<byte> _rest;
    private FuseRequestExtensions _extensions;

    /// <summary>The request's header; valid also after an error, if so many bytes came.</summary>
    public FuseInHeader Header { get; private set; }

    /// <summary>The shape of the operation; all zero, which wants no reply, if it is unknown.</summary>
    public FuseOpcodeLayout Layout { get; private set; }

    /// <summary>The name, without its NUL; the first where there are two. Empty where there is none.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The second name of a rename, or the target of a symbolic link; without its NUL.</summary>
    public readonly ReadOnlySpan<byte> SecondName =>
        Layout.Body is FuseBody.TwoNames or FuseBody.NameAndTarget ? _rest : default;

    /// <summary>The bytes to write, the value of an extended attribute, the input of an ioctl.</summary>
    public readonly ReadOnlySpan<byte> Data =>
        Layout.Body is FuseBody.Data or FuseBody.XattrNameAndValue ? _rest : default;

    /// <summary>The nodes of a batch forget.</summary>
    public readonly ReadOnlySpan<FuseForgetOne> Forgets =>
        Layout.Body == FuseBody.ForgetList ? MemoryMarshal.Cast<byte, FuseForgetOne>(_rest) : default;

    /// <summary>Security labels and groups that came with a request that creates a file.</summary>
    public readonly FuseRequestExtensions Extensions => _extensions;

    /// <summary>Reads a request as read(2) of the device gives it: header, argument and body in one piece.</summary>
    /// <param name="message">The bytes read, no more.</param>
    /// <param name="dialect">What was agreed with the kernel.</param>
    /// <param name="reader">The request.</param>
    /// <returns>
    /// EIO if lengths do not add up, EINVAL or ENOENT for a name or a range that no system call lets through,
    /// ENAMETOOLONG and ERANGE for names too long, ENOSYS for an unknown operation.
    /// </returns>
    public static Errno Read(ReadOnlySpan<byte> message, FuseDialect dialect, out FuseRequestReader reader)
    {
        reader = default;
        if (!reader.TryReadHeader(message) || reader.Header.Length != message.Length)
        {
            return Errno.EIO;
        }

        if (!reader.TryFindLayout(dialect))
        {
            return Errno.ENOSYS;
        }

        ReadOnlySpan<byte> content = message[FuseProtocol.InHeaderBytes..];
        int argumentBytes = reader.Header.Opcode == FuseOpcode.Init
            ? Math.Max(content.Length, reader.Layout.ArgumentBytes)
            : reader.Layout.ArgumentBytes;
        if (content.Length < argumentBytes)
        {
            return Errno.EIO;
        }

        reader._argument = content[..argumentBytes];
        return reader.ReadBody(content[argumentBytes..]);
    }

    /// <summary>Reads a request as an io_uring entry gives it: header, argument and body in places of their own.</summary>
    /// <param name="header">The header area; only its first 40 bytes count.</param>
    /// <param name="argument">The argument area; only the first bytes count, as many as the operation has.</param>
    /// <param name="body">The bytes of the payload buffer that belong to the request.</param>
    /// <param name="dialect">What was agreed with the kernel.</param>
    /// <param name="reader">The request.</param>
    /// <returns>As <see cref="Read(ReadOnlySpan{byte}, FuseDialect, out FuseRequestReader)"/>.</returns>
    public static Errno Read(
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> argument,
        ReadOnlySpan<byte> body,
        FuseDialect dialect,
        out FuseRequestReader reader)
    {
        reader = default;
        if (!reader.TryReadHeader(header))
        {
            return Errno.EIO;
        }

        if (!reader.TryFindLayout(dialect))
        {
            return Errno.ENOSYS;
        }

        int argumentBytes = reader.Layout.ArgumentBytes;
        if (argument.Length < argumentBytes
            || reader.Header.Length != (long)FuseProtocol.InHeaderBytes + argumentBytes + body.Length)
        {
            return Errno.EIO;
        }

        reader._argument = argument[..argumentBytes];
        return reader.ReadBody(body);
    }

    /// <summary>The argument struct of the operation. Fields that the kernel was too old to send are zero.</summary>
    /// <typeparam name="T">The struct that belongs to the operation.</typeparam>
    public readonly T Argument<T>()
        where T : unmanaged
    {
        if (_argument.Length >= Unsafe.SizeOf<T>())
        {
            return MemoryMarshal.Read<T>(_argument);
        }

        T argument = default;
        _argument.CopyTo(MemoryMarshal.AsBytes(new Span<T>(ref argument)));
        return argument;
    }

    private bool TryReadHeader(ReadOnlySpan<byte> bytes)
    {
        bool came = MemoryMarshal.TryRead(bytes, out FuseInHeader header);
        Header = header;
        return came && header.Length >= FuseProtocol.InHeaderBytes;
    }

    private bool TryFindLayout(FuseDialect dialect)
    {
        bool found = FuseOpcodeLayout.TryGet(Header.Opcode, dialect, out FuseOpcodeLayout layout);
        Layout = layout;
        return found;
    }
}
