using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary>
/// The system calls this project makes, one call (or one tight group) in a file <c>Libc.Name.cs</c>. Every wrapper
/// returns what the kernel returns: a result, or a negated errno; nothing here retries, checks or throws.
/// </summary>
internal static partial class Libc
{
    private const string Library = "libc";

    /// <summary>Folds the C library's -1-and-errno convention back into the kernel's negated errno.</summary>
    /// <remarks>Must run in the statement right after the call: other code may overwrite the saved errno.</remarks>
    private static int Fold(int returned) => returned == -1 ? -Marshal.GetLastPInvokeError() : returned;

    /// <inheritdoc cref="Fold(int)"/>
    private static long Fold(long returned) => returned == -1 ? -Marshal.GetLastPInvokeError() : returned;
}
