using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary>The one place that turns an <see cref="Errno"/> into text for people.</summary>
/// <remarks>Any thread may call it; it allocates, so it belongs to messages and logs, not to request paths.</remarks>
public static class ErrnoText
{
    /// <summary>Name, number and description, such as <c>ENOENT (2: No such file or directory)</c>.</summary>
    public static string Describe(Errno error)
    {
        if (error == Errno.None)
        {
            return "no error";
        }

        string name = Enum.IsDefined(error) ? error.ToString() : "unknown errno";
        return $"{name} ({(int)error}: {Marshal.GetPInvokeErrorMessage((int)error)})";
    }
}
