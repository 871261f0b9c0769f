using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <content>
/// Ranges of files. Some operations are several changes, and a crash may leave any number of them: each calls <c>step</c> after every change that it may be made of, and the
/// volume may take several of these at a time.
/// </content>
public sealed partial class ModelVolume
{
    private const int CopyPieceBytes = 4 * ModelContent.BlockBytes;

    /// <summary>As <see cref="Volume.Allocate"/>.</summary>
    public Errno Allocate(InodeNumber number, int offsetBytes, int lengthBytes, bool keepsSize, Action? step = null)
    {
        if (FindRange(number, lengthBytes, out Errno error) is not { } inode)
        {
            return error;
        }

        if (!IsMutable(inode))
        {
            return Errno.EPERM;
        }

        MoveInline(inode, step);
        for (long block = offsetBytes / ModelContent.BlockBytes; block < ModelContent.BlocksFor(offsetBytes + lengthBytes); block++)
        {
            if (!inode.Content.Blocks.ContainsKey(block))
            {
                inode.Takes(inode.Content.WithBlock(block, ModelBlock.Make(isUnwritten: true)));
                inode.Change(Now);
                step?.Invoke();
            }
        }

        if (!keepsSize && offsetBytes + lengthBytes > inode.Content.Bytes.Length)
        {
            inode.Contains(inode.Content.SetSize(offsetBytes + lengthBytes), Now);
        }

        inode.Change(Now);
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.PunchHole"/>.</summary>
    public Errno PunchHole(InodeNumber number, int offsetBytes, int lengthBytes, Action? step = null)
    {
        if (FindRange(number, lengthBytes, out Errno error) is { } inode)
        {
            if (!IsFree(inode))
            {
                return Errno.EPERM;
            }

            Zero(inode, offsetBytes, offsetBytes + lengthBytes, makesLonger: false, step);
        }

        return error;
    }

    /// <summary>As <see cref="Volume.ZeroRange"/>.</summary>
    public Errno ZeroRange(InodeNumber number, int offsetBytes, int lengthBytes, bool keepsSize, Action? step = null)
    {
        if (FindRange(number, lengthBytes, out Errno error) is not { } inode)
        {
            return error;
        }

        if (!IsFree(inode))
        {
            return Errno.EPERM;
        }

        Zero(inode, offsetBytes, offsetBytes + lengthBytes, makesLonger: !keepsSize, step);
        step?.Invoke();
        return Allocate(number, offsetBytes, lengthBytes, keepsSize: true, step);
    }

    /// <summary>As <see cref="Volume.CollapseRange"/>.</summary>
    public Errno CollapseRange(InodeNumber number, int offsetBytes, int lengthBytes, Action? step = null) =>
        Shift(number, offsetBytes, lengthBytes, sizeBytes => offsetBytes + lengthBytes < sizeBytes, content => content.Collapse(offsetBytes, lengthBytes), step);

    /// <summary>As <see cref="Volume.InsertRange"/>.</summary>
    public Errno InsertRange(InodeNumber number, int offsetBytes, int lengthBytes, Action? step = null) =>
        Shift(number, offsetBytes, lengthBytes, sizeBytes => offsetBytes < sizeBytes, content => content.Insert(offsetBytes, lengthBytes), step);

    /// <summary>As <see cref="Volume.CopyRange"/>.</summary>
    public Errno CopyRange(InodeNumber sourceNumber, int sourceBytes, InodeNumber targetNumber, int targetBytes, int lengthBytes, Action? step = null)
    {
        if (FindRegular(sourceNumber, out Errno error) is not { } source || FindRegular(targetNumber, out error) is not { } target)
        {
            return error;
        }

        bool mayShare = !source.Content.IsInline && sourceBytes % ModelContent.BlockBytes == targetBytes % ModelContent.BlockBytes;
        lengthBytes = Math.Min(lengthBytes, source.Content.Bytes.Length - Math.Min(source.Content.Bytes.Length, sourceBytes));
        if (source == target && sourceBytes < targetBytes + lengthBytes && targetBytes < sourceBytes + lengthBytes)
        {
            return Errno.EINVAL;
        }

        if (lengthBytes > 0 && !IsWritable(target, targetBytes))
        {
            return Errno.EPERM;
        }

        for (int done = 0; done < lengthBytes; step?.Invoke())
        {
            int from = sourceBytes + done;
            int left = lengthBytes - done;
            int rest = ModelContent.BlockBytes - (from % ModelContent.BlockBytes);
            if (mayShare && rest == ModelContent.BlockBytes && left >= rest)
            {
                MoveInline(target, step);
                target.Contains(Shared(source.Content, from, target.Content, targetBytes + done), Now);
                done += rest;
            }
            else
            {
                int count = Math.Min(left, mayShare ? rest : CopyPieceBytes);
                target.Contains(target.Content.Write(targetBytes + done, source.Content.Bytes.Span.Slice(from, count)), Now);
                done += count;
            }
        }

        return Errno.None;
    }

    /// <summary>Blocks that hold data of files, each counted once however many files share it.</summary>
    public ulong CountDataBlocks() =>
        (ulong)_inodes.Values.SelectMany(inode => inode.Content.Blocks.Values).Select(block => block.Id).Distinct().Count();

    private static ModelContent Shared(ModelContent source, int sourceBytes, ModelContent target, int targetBytes)
    {
        ModelBlock? block = source.Blocks.TryGetValue(sourceBytes / ModelContent.BlockBytes, out ModelBlock taken) && !taken.IsUnwritten ? taken : null;
        return target.WithBlock(targetBytes / ModelContent.BlockBytes, block)
            .WithBytes(targetBytes, source.Bytes.Span.Slice(sourceBytes, ModelContent.BlockBytes));
    }

    private static void MoveInline(ModelInode inode, Action? step)
    {
        if (inode.Content.IsInline)
        {
            inode.Takes(inode.Content.MoveInline());
            step?.Invoke();
        }
    }

    // From the beginning on, as far as each extent.
    private void Zero(ModelInode inode, int offsetBytes, int endBytes, bool makesLonger, Action? step)
    {
        ModelContent before = inode.Content;
        foreach (long block in step is null || before.IsInline ? [] : before.Blocks.Keys)
        {
            int reachedBytes = (int)Math.Min(block * ModelContent.BlockBytes, int.MaxValue);
            if (reachedBytes > offsetBytes && reachedBytes < endBytes)
            {
                inode.Contains(before.Zero(offsetBytes, reachedBytes, makesLonger), Now);
                step!();
            }
        }

        inode.Contains(before.Zero(offsetBytes, endBytes, makesLonger), Now);
    }

    private Errno Shift(InodeNumber number, int offsetBytes, int lengthBytes, Func<int, bool> fits, Func<ModelContent, ModelContent> shift, Action? step)
    {
        if (lengthBytes == 0 || (offsetBytes | lengthBytes) % ModelContent.BlockBytes != 0)
        {
            return Errno.EINVAL;
        }

        if (FindRegular(number, out Errno error) is not { } inode)
        {
            return error;
        }

        if (!IsFree(inode) || !fits(inode.Content.Bytes.Length))
        {
            return IsFree(inode) ? Errno.EINVAL : Errno.EPERM;
        }

        MoveInline(inode, step);
        inode.Contains(shift(inode.Content), Now);
        return Errno.None;
    }

    private ModelInode? FindRange(InodeNumber number, int lengthBytes, out Errno error)
    {
        error = Errno.EINVAL;
        return lengthBytes == 0 ? null : FindRegular(number, out error);
    }

    private ModelInode? FindRegular(InodeNumber number, out Errno error)
    {
        ModelInode? inode = FindFile(number, out error);
        error = error == Errno.EINVAL ? Errno.ENODEV : error;
        return inode;
    }
}
