using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <summary>
/// One operation's use of the table: its paths, which nobody renames or removes until it is disposed. Taken and given back by one thread; the
/// table keeps it for the next operation.
/// </summary>
internal sealed class PathHold(PathTable table) : IDisposable
{
    private readonly PathBuffer _path = new();
    private readonly PathBuffer _secondPath = new();

    /// <summary>Why there are no paths, or None.</summary>
    public Errno Error { get; set; }

    /// <summary>The path of the node, or of the name in it.</summary>
    public ReadOnlySpan<byte> Path => _path.Bytes;

    /// <summary>The path of the second name.</summary>
    public ReadOnlySpan<byte> SecondPath => _secondPath.Bytes;

    /// <summary>The nodes that the paths go through, each once for each path.</summary>
    public List<PathNode> Users { get; } = new(32);

    /// <summary>The node itself, without a name; the directory of the name with one.</summary>
    public PathNode? Node { get; set; }

    /// <summary>The directory of the second name.</summary>
    public PathNode? SecondParent { get; set; }

    /// <summary>What stands at <see cref="Path"/> and is had alone; null if the kernel knows nothing there, or it was not asked for.</summary>
    public PathNode? Target { get; set; }

    /// <summary>What stands at <see cref="SecondPath"/>, likewise.</summary>
    public PathNode? SecondTarget { get; set; }

    /// <summary>Whether the path is one that we gave to an unlinked file.</summary>
    public bool IsHidden { get; set; }

    public PathBuffer FirstBuffer => _path;

    public PathBuffer SecondBuffer => _secondPath;

    /// <summary>Forgets all, for another attempt or another operation. The table's lock is held.</summary>
    public void Clear()
    {
        Error = Errno.None;
        Users.Clear();
        Node = SecondParent = Target = SecondTarget = null;
        IsHidden = false;
    }

    /// <summary>Gives the paths back.</summary>
    public void Dispose() => table.Release(this);
}
