namespace Tmds.Linux;

/// <summary>The constants of C's headers that a file system needs, by their own names: <c>using static Tmds.Linux.LibC;</c></summary>
public static partial class LibC
{
}
