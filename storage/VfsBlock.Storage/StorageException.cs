using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// A device or an image could not be made or opened. Only start-up throws it; requests to an open store answer with an <see cref="Errno"/>.
/// </summary>
public sealed class StorageException : IOException
{
    /// <summary>Says what could not be done, why, and what to do about it.</summary>
    /// <param name="kind">What a caller decides by.</param>
    /// <param name="failure">What failed, naming the thing, and why: <c>cannot open '/srv/a.img': it is no image</c>.</param>
    /// <param name="nextStep">What the reader can do about it: a sentence, or nothing.</param>
    /// <param name="innerException">What it follows from, if anything.</param>
    public StorageException(StorageErrorKind kind, string failure, string nextStep = "", Exception? innerException = null)
        : base(nextStep.Length == 0 ? failure : $"{failure}. {nextStep}", innerException)
    {
        Kind = kind;
        Error = innerException is ErrnoException host ? host.Error : Errno.None;
    }

    /// <summary>As the other, for a failure that the host gave a number.</summary>
    /// <param name="kind">What a caller decides by.</param>
    /// <param name="error">The host's answer; its description ends the first sentence.</param>
    /// <param name="failure">What failed, naming the thing: <c>cannot open '/srv/a.img'</c>.</param>
    /// <param name="nextStep">What the reader can do about it: a sentence, or nothing.</param>
    public StorageException(StorageErrorKind kind, Errno error, string failure, string nextStep = "")
        : this(kind, $"{failure}: {ErrnoText.Describe(error)}", nextStep) => Error = error;

    /// <summary>What a caller decides by.</summary>
    public StorageErrorKind Kind { get; }

    /// <summary>The host's answer, or <see cref="Errno.None"/> where it was not the host that refused.</summary>
    public Errno Error { get; }
}
