using System.Runtime.InteropServices;

namespace Tmds.Fuse;

/// <summary>An open file, where the kernel names one: a call by path alone has none.</summary>
public readonly ref struct FuseFileInfoRef
{
    private readonly Span<FuseFileInfo> _file;

    /// <summary>A reference to the first element of <paramref name="fi"/>; to none if it is empty.</summary>
    public FuseFileInfoRef(Span<FuseFileInfo> fi) => _file = fi;

    /// <summary>Whether there is no open file.</summary>
    public bool IsNull => _file.IsEmpty;

    /// <summary>The open file.</summary>
    /// <exception cref="InvalidOperationException">There is none: see <see cref="IsNull"/>.</exception>
    public ref FuseFileInfo Value
    {
        get
        {
            if (IsNull)
            {
                throw new InvalidOperationException("The call names no open file; look at IsNull first.");
            }

            return ref MemoryMarshal.GetReference(_file);
        }
    }
}
