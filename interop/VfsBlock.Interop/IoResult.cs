namespace VfsBlock.Interop;

/// <summary>
/// What an I/O call did: the bytes that moved <em>and</em> the error that stopped it. Both can be set at once: a write
/// that filled the disk half way reports the half that is there.
/// </summary>
/// <param name="Bytes">Bytes transferred before the call ended; never negative.</param>
/// <param name="Error">Why it ended early, or <see cref="Errno.None"/>.</param>
public readonly record struct IoResult(long Bytes, Errno Error)
{
    /// <summary>True if nothing went wrong. A short count without an error (end of file) is a success.</summary>
    public bool Succeeded => Error == Errno.None;

    /// <summary>A call that moved <paramref name="bytes"/> bytes and met no error.</summary>
    public static IoResult Ok(long bytes) => new(bytes, Errno.None);

    /// <summary>A call that failed before it moved anything.</summary>
    public static IoResult Fail(Errno error) => new(0, error);

    /// <summary>Reads a system call's return value as the kernel gives it: bytes, or a negated errno.</summary>
    internal static IoResult FromKernel(long returned) =>
        returned >= 0 ? Ok(returned) : Fail((Errno)(int)-returned);
}
