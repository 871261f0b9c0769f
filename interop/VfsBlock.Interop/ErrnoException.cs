namespace VfsBlock.Interop;

/// <summary>
/// A system call failed where there is no request to answer: while something is set up. Request paths return an
/// <see cref="Errno"/> instead.
/// </summary>
public sealed class ErrnoException : IOException
{
    /// <summary>Says what could not be done and which error number the kernel gave.</summary>
    /// <param name="error">The kernel's answer.</param>
    /// <param name="failure">What failed, naming the thing: <c>cannot map 4096 bytes of /path</c>.</param>
    /// <param name="nextStep">What the reader can do about it, or nothing.</param>
    public ErrnoException(Errno error, string failure, string nextStep = "")
        : base(nextStep.Length == 0
            ? $"{failure}: {ErrnoText.Describe(error)}"
            : $"{failure}: {ErrnoText.Describe(error)}. {nextStep}") => Error = error;

    /// <summary>The kernel's answer.</summary>
    public Errno Error { get; }
}
