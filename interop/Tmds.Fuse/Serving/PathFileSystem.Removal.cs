using System.Globalization;
using System.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <content>Removing and moving names, also of open files.</content>
internal sealed partial class PathFileSystem
{
    private const uint NoReplace = 1;
    private const uint ExchangeNames = 2;

    /// <inheritdoc/>
    public override Errno Unlink(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name)
    {
        using PathHold hold = _paths.Acquire(new PathClaim { Node = parent, Name = name, TakesTargets = true });
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        if (TryRenameAway(hold.Target, hold.Path, out byte[] hiddenPath))
        {
            _paths.Hide(hold.Target!, hiddenPath);
            return Errno.None;
        }

        return RemoveIf(hold, PlainErrorOf(_fileSystem.Unlink(hold.Path), Errno.EPERM));
    }

    /// <inheritdoc/>
    public override Errno RmDir(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name)
    {
        using PathHold hold = _paths.Acquire(new PathClaim { Node = parent, Name = name, TakesTargets = true });
        return hold.Error != Errno.None
            ? hold.Error
            : RemoveIf(hold, PlainErrorOf(_fileSystem.RmDir(hold.Path), Errno.EPERM));
    }

    /// <inheritdoc/>
    public override Errno Rename(
        FuseRequest request,
        NodeId oldParent,
        ReadOnlySpan<byte> oldName,
        NodeId newParent,
        ReadOnlySpan<byte> newName,
        uint flags)
    {
        using PathHold hold = _paths.Acquire(new PathClaim
        {
            Node = oldParent,
            Name = oldName,
            SecondParent = newParent,
            SecondName = newName,
            TakesTargets = true,
        });
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        byte[] hiddenPath = [];
        bool isHidden = (flags & (NoReplace | ExchangeNames)) == 0 && TryRenameAway(hold.SecondTarget, hold.SecondPath, out hiddenPath);
        Errno error = PlainErrorOf(
            _fileSystem.Rename(hold.Path, hold.SecondPath, (int)flags), flags == 0 ? Errno.EPERM : Errno.EINVAL);
        if (error != Errno.None)
        {
            if (isHidden)
            {
                _fileSystem.Rename(hiddenPath, hold.SecondPath, 0);
            }

            return error;
        }

        if ((flags & ExchangeNames) != 0)
        {
            _paths.Exchange(hold);
            return Errno.None;
        }

        if (isHidden)
        {
            _paths.Hide(hold.SecondTarget!, hiddenPath);
        }

        _paths.Move(hold);
        return Errno.None;
    }

    private Errno RemoveIf(PathHold hold, Errno error)
    {
        if (error == Errno.None)
        {
            _paths.Remove(hold.Target, hold.Path);
        }

        return error;
    }

    /// <summary>Has an open file renamed to a name of ours, so that it can go on without its own.</summary>
    /// <param name="target">The node of the file, which the caller has alone; null if none is known.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="hiddenPath">Its path from now on.</param>
    /// <returns>False if it is not open, has such a name already, or cannot be renamed.</returns>
    private bool TryRenameAway(PathNode? target, ReadOnlySpan<byte> path, out byte[] hiddenPath)
    {
        hiddenPath = [];
        if (target is not { OpenCount: > 0, IsHidden: false } || _options.RemovesOpenFiles)
        {
            return false;
        }

        hiddenPath = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/.fuse_hidden{target.Id:x16}"));
        return _fileSystem.Rename(path, hiddenPath, 0) == 0;
    }

    /// <summary>Removes a file that waited for its last close.</summary>
    private void RemoveHidden(NodeId node)
    {
        using PathHold hold = _paths.Acquire(new PathClaim { Node = node, TakesNode = true });
        if (hold.Error == Errno.None && hold.IsHidden)
        {
            _fileSystem.Unlink(hold.Path);
            _paths.Remove(hold.Target, hold.Path);
        }
    }
}
