using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary>
/// <see cref="OpenFlags"/> as this machine's kernel numbers them: the one place where they are translated, in both directions.
/// Stateless.
/// </summary>
/// <remarks>
/// <see cref="OpenFlags"/> has the numbers of include/uapi/asm-generic/fcntl.h, which x86-64, RISC-V, LoongArch and s390x use.
/// 32- and 64-bit Arm (arch/arm64/include/uapi/asm/fcntl.h) have O_DIRECTORY and O_NOFOLLOW where the others have O_DIRECT and O_LARGEFILE,
/// and the other way round.
/// </remarks>
internal static class OpenFlagNumbers
{
    private const int DirectAndLargeFile = (int)(OpenFlags.Direct | OpenFlags.LargeFile);
    private const int DirectoryAndNoFollow = (int)(OpenFlags.Directory | OpenFlags.NoFollow);
    private const int BitsBetween = 2;

    /// <summary>The number to give to this machine's kernel.</summary>
    public static int ToKernel(OpenFlags flags) => Exchange((int)flags, RuntimeInformation.ProcessArchitecture);

    /// <summary>The flags that a number from this machine's kernel means.</summary>
    public static OpenFlags FromKernel(int number) => (OpenFlags)Exchange(number, RuntimeInformation.ProcessArchitecture);

    /// <summary>Turns flags into an architecture's number or such a number into flags: two pairs change places, so both are the same.</summary>
    public static int Exchange(int flags, Architecture architecture)
    {
        if (architecture is not (Architecture.Arm64 or Architecture.Arm or Architecture.Armv6))
        {
            return flags;
        }

        int others = flags & ~(DirectAndLargeFile | DirectoryAndNoFollow);
        return others | ((flags & DirectAndLargeFile) << BitsBetween) | ((flags & DirectoryAndNoFollow) >> BitsBetween);
    }
}
