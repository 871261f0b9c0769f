using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>
/// What fallocate(2), lseek(2), copy_file_range(2) and statvfs(3) ask for. All take regular files; other inodes are EISDIR or ENODEV. Ranges that a
/// signed 64-bit offset cannot reach are EFBIG, empty ones EINVAL.
/// </content>
public sealed partial class Volume
{
    /// <summary>
    /// Sets space aside for a range of a file: its holes read as zeros as before, and writing to them needs no more space for data. What a write needs for
    /// nodes of trees is not set aside, so on a full volume it can still be ENOSPC.
    /// </summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <param name="keepsSize">False to make the file reach to the end of the range (no FALLOC_FL_KEEP_SIZE).</param>
    /// <returns>EINVAL, EFBIG, EISDIR, ENODEV; after ENOSPC a part of the space may be set aside, and the size is as before.</returns>
    public Errno Allocate(InodeNumber inode, ulong offsetBytes, ulong lengthBytes, bool keepsSize) =>
        Image.Data.Allocate(inode, offsetBytes, lengthBytes, keepsSize);

    /// <summary>Makes a range of a file a hole. The size stays; what was set aside beyond the end goes too.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">How long it is. Over many extents it is several changes, from its beginning on.</param>
    /// <returns>EINVAL, EFBIG, EISDIR, ENODEV.</returns>
    public Errno PunchHole(InodeNumber inode, ulong offsetBytes, ulong lengthBytes) => Image.Data.PunchHole(inode, offsetBytes, lengthBytes);

    /// <summary>Makes a range of a file read as zeros, and sets space aside for it.</summary>
    /// <inheritdoc cref="Allocate"/>
    /// <returns>EINVAL, EFBIG, EISDIR, ENODEV; after ENOSPC the range may read as zeros without having space.</returns>
    public Errno ZeroRange(InodeNumber inode, ulong offsetBytes, ulong lengthBytes, bool keepsSize) =>
        Image.Data.ZeroRange(inode, offsetBytes, lengthBytes, keepsSize);

    /// <summary>Takes a range out of a file; what lies behind it moves down. One change.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where the range begins: a multiple of 4096.</param>
    /// <param name="lengthBytes">How long it is: a multiple of 4096.</param>
    /// <returns>EINVAL, also if the range reaches to the end of the file; EISDIR, ENODEV; EFBIG if more than 1024 extents would move, or 128 go.</returns>
    public Errno CollapseRange(InodeNumber inode, ulong offsetBytes, ulong lengthBytes) => Image.Data.CollapseRange(inode, offsetBytes, lengthBytes);

    /// <summary>Puts a hole into a file; what lies behind its beginning moves up. One change.</summary>
    /// <inheritdoc cref="CollapseRange"/>
    /// <returns>EINVAL, also if it does not begin before the end of the file; EISDIR, ENODEV; EFBIG, also if more than 1024 extents would move.</returns>
    public Errno InsertRange(InodeNumber inode, ulong offsetBytes, ulong lengthBytes) => Image.Data.InsertRange(inode, offsetBytes, lengthBytes);

    /// <summary>Finds the next data of a file. What was set aside and not written is no data; what was written is at once.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where to begin.</param>
    /// <param name="foundBytes">Where it begins, not before <paramref name="offsetBytes"/>.</param>
    /// <returns>ENXIO if there is none, or the offset is not before the end; EISDIR, ENODEV.</returns>
    public Errno SeekData(InodeNumber inode, ulong offsetBytes, out ulong foundBytes) => Image.Data.Seek(inode, offsetBytes, wantsData: true, out foundBytes);

    /// <summary>Finds the next hole of a file; there is one at its end.</summary>
    /// <inheritdoc cref="SeekData"/>
    /// <returns>ENXIO if the offset is not before the end; EISDIR, ENODEV.</returns>
    public Errno SeekHole(InodeNumber inode, ulong offsetBytes, out ulong foundBytes) => Image.Data.Seek(inode, offsetBytes, wantsData: false, out foundBytes);

    /// <summary>Copies a range between files or inside one. Whole blocks are shared until one of the files is written, where both ranges lie alike in their blocks.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="sourceBytes">Where the range begins.</param>
    /// <param name="target">Where to.</param>
    /// <param name="targetBytes">Where it goes.</param>
    /// <param name="lengthBytes">How long it is; it ends at the end of the source.</param>
    /// <param name="copiedBytes">How much was copied, also if an error ended it. In pieces, each a change.</param>
    /// <returns>EINVAL if the ranges overlap in one file; EFBIG, EISDIR, ENODEV.</returns>
    public Errno CopyRange(InodeNumber source, ulong sourceBytes, InodeNumber target, ulong targetBytes, ulong lengthBytes, out ulong copiedBytes) =>
        Image.Data.Copy(source, sourceBytes, target, targetBytes, lengthBytes, out copiedBytes);

    /// <summary>How full the volume is.</summary>
    public VolumeStatistics GetStatistics() => Image.Statistics();
}
