using System.Collections.Concurrent;
using Tmds.Linux;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <summary>A file system by paths as the kernel sees it: node ids become paths, error numbers change their sign.</summary>
/// <remarks>
/// <para>Threads: any number of serving threads. The table's lock is never held while the file system runs; a directory's lock is, while it is listed.</para>
/// <para>
/// Unlinked files: a file that is open when its name is removed or replaced is renamed to <c>/.fuse_hiddenN</c>, and removed with its last close, as
/// libfuse does it: a file system by paths would otherwise be asked about a path that is gone, or that belongs to another file by now. Where that
/// rename fails the file is removed at once, and calls on its handles go on under its last path. Our names are in no listing.
/// </para>
/// <para>
/// Missing operations: <c>-ENOSYS</c> is turned into what the man page says for a file system without the operation, and reaches the kernel only
/// where its memory of it does no harm (docs/decisions/0003-errors-the-kernel-remembers.md).
/// </para>
/// </remarks>
internal sealed partial class PathFileSystem : FuseFileSystem
{
    private readonly IFuseFileSystem _fileSystem;
    private readonly PathOptions _options;
    private readonly PathTable _paths = new();
    private readonly ConcurrentDictionary<ulong, OpenDirectory> _directories = new();
    private ulong _lastDirectory;

    /// <param name="fileSystem">The file system; it stays the caller's.</param>
    /// <param name="options">What the kernel may remember, and more.</param>
    public PathFileSystem(IFuseFileSystem fileSystem, PathOptions options)
    {
        _fileSystem = fileSystem;
        _options = options;
    }

    /// <inheritdoc/>
    public override bool ServesOpen => true;

    /// <summary>How many paths are known, the root included.</summary>
    public int NodeCount => _paths.NodeCount;

    /// <inheritdoc/>
    /// <remarks>A connection that was cut closes no file: what waits for that is removed now.</remarks>
    public override void Stopped()
    {
        foreach (NodeId node in _paths.FindHidden())
        {
            RemoveHidden(node);
        }
    }

    /// <inheritdoc/>
    public override void Forget(NodeId node, ulong lookupCount) => _paths.Forget(node, lookupCount);

    /// <summary>What an operation's result means.</summary>
    /// <param name="result">0, a count, or a negated error number.</param>
    /// <param name="missing">The error for <c>-ENOSYS</c>.</param>
    private static Errno ErrorOf(int result, Errno missing) => result switch
    {
        >= 0 => Errno.None,
        -(int)Errno.ENOSYS => missing,
        _ => (Errno)unchecked(-result),
    };

    /// <summary>As <see cref="ErrorOf"/>, for operations that have nothing to count: a count is a mistake, which the session tells.</summary>
    private static Errno PlainErrorOf(int result, Errno missing) => result > 0 ? (Errno)(-result) : ErrorOf(result, missing);

    private PathHold Hold(NodeId node) => _paths.Acquire(new PathClaim { Node = node });

    private PathHold Hold(NodeId parent, ReadOnlySpan<byte> name) => _paths.Acquire(new PathClaim { Node = parent, Name = name });

    /// <summary>For calls on handles, which outlive the name.</summary>
    private PathHold HoldOpen(NodeId node) => _paths.Acquire(new PathClaim { Node = node, AllowsRemoved = true });

    /// <summary>Asks for the attributes of a path.</summary>
    private Errno ReadAttributes(PathHold hold, ReadOnlySpan<byte> path, NodeId node, FuseFileInfoRef file, ref FuseAttr attributes)
    {
        stat stat = default;
        Errno error = PlainErrorOf(_fileSystem.GetAttr(path, ref stat, file), Errno.EOPNOTSUPP);
        if (error == Errno.None)
        {
            KernelAttributes.Write(stat, ref attributes);
            if (hold.IsHidden && attributes.LinkCount > 0)
            {
                // The name is ours, not one of the file's.
                attributes.LinkCount--;
            }

            if (!_options.UsesInodeNumbers || attributes.Inode == 0)
            {
                attributes.Inode = node.Value;
            }
        }

        return error;
    }

    /// <summary>Tells the kernel of a name, which counts as one lookup.</summary>
    /// <param name="hold">Holds the path.</param>
    /// <param name="path">The path of the name.</param>
    /// <param name="parent">The directory of the name.</param>
    /// <param name="file">The open file, if it was just created.</param>
    /// <param name="reply">The entry.</param>
    private Errno Enter(PathHold hold, ReadOnlySpan<byte> path, PathNode parent, FuseFileInfoRef file, ref FuseEntryOut reply)
    {
        Errno error = ReadAttributes(hold, path, default, file, ref reply.Attr);
        if (error == Errno.None)
        {
            Fill(_paths.CountLookup(parent, path[(path.LastIndexOf((byte)'/') + 1)..]), ref reply);
        }

        return error;
    }

    private void Fill(NodeId node, ref FuseEntryOut reply)
    {
        reply.NodeId = node.Value;
        if (reply.Attr.Inode == 0)
        {
            reply.Attr.Inode = node.Value;
        }

        (reply.EntryValidSeconds, reply.EntryValidNanoseconds) = KernelAttributes.Duration(_options.EntryTimeout);
        (reply.AttrValidSeconds, reply.AttrValidNanoseconds) = KernelAttributes.Duration(_options.AttributeTimeout);
    }
}
