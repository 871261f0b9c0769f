using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <summary>A <see cref="Volume"/> as the kernel sees it. It translates and keeps the books that FUSE asks for; the rules of files are the volume's.</summary>
/// <remarks>
/// <para>Threads: any number of serving threads; no lock of its own. Owns the thread that answers fsync, not the volume.</para>
/// <para>Node ids are inode numbers, which are never used again. Each lookup that the kernel counts is a hold on the inode, so a file without a name lives while
/// it is open; opening itself costs no message (<see cref="FuseFileSystem.ServesOpen"/> is false).</para>
/// <para>The volume has one kernel that writes, this one, so what the kernel remembers stays true and it may remember it for ever.</para>
/// </remarks>
public sealed partial class VolumeFileSystem : FuseFileSystem, IDisposable
{
    // About twelve days; then the kernel asks once more.
    private const ulong CacheSeconds = 1_000_000;

    private readonly Volume _volume;
    private readonly VolumeFileSystemOptions _options;
    private readonly FlushThread _flushes;
    private bool _servesAcls;

    /// <summary>A file system over a volume.</summary>
    /// <param name="volume">The volume. It stays the caller's and must outlive the file system; nobody else changes it meanwhile.</param>
    /// <param name="options">What was chosen.</param>
    public VolumeFileSystem(Volume volume, VolumeFileSystemOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(volume);
        _volume = volume;
        _options = options ?? new VolumeFileSystemOptions();
        _flushes = new FlushThread(volume);
    }

    /// <summary>Ends the thread. The mount must be gone.</summary>
    public void Dispose() => _flushes.Dispose();

    /// <inheritdoc/>
    public override void Started(FuseAgreement agreement)
    {
        ArgumentNullException.ThrowIfNull(agreement);

        // Only a kernel that checks them may see access control lists: otherwise tools would believe in what protects nothing.
        _servesAcls = agreement.Has(FuseInitFlags.PosixAcl);
    }

    /// <inheritdoc/>
    /// <remarks>What was open and has no name is deleted now and not at the next mount.</remarks>
    public override void Stopped() => _volume.ReleaseAll();

    /// <inheritdoc/>
    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        // "." comes from NFS and open_by_handle_at(2), which know a node by its id alone and may mean a file.
        if (name.SequenceEqual("."u8))
        {
            return LookupSelf(Inode(parent), ref reply);
        }

        Errno error = _volume.Lookup(Inode(parent), name, out InodeEntry entry, hold: true);
        if (error == Errno.ENOENT)
        {
            // Node id 0 with a time: the kernel may remember that there is no such name.
            reply.EntryValidSeconds = CacheSeconds;
            return Errno.None;
        }

        return Reply(error, entry, ref reply);
    }

    /// <inheritdoc/>
    public override void Forget(NodeId node, ulong lookupCount) => _volume.Release(Inode(node), lookupCount);

    private Errno LookupSelf(InodeNumber inode, ref FuseEntryOut reply)
    {
        Errno error = _volume.Hold(inode);
        if (error != Errno.None)
        {
            return error;
        }

        error = _volume.GetAttributes(inode, out InodeItem attributes);
        if (error != Errno.None)
        {
            _volume.Release(inode);
        }

        return Reply(error, new InodeEntry(inode, attributes), ref reply);
    }

    private static InodeNumber Inode(NodeId node) => new(node.Value);

    /// <summary>Who makes a new inode. Where the kernel took the umask off already, taking it off again changes nothing.</summary>
    private static Credentials Owner(FuseRequest request, uint umask = 0) => new(request.UserId, request.GroupId) { Umask = umask };

    /// <summary>Tells the kernel of an inode that is held for it.</summary>
    private static Errno Reply(Errno error, in InodeEntry entry, ref FuseEntryOut reply)
    {
        if (error == Errno.None)
        {
            Fill(entry, ref reply);
        }

        return error;
    }

    private static void Fill(in InodeEntry entry, ref FuseEntryOut reply)
    {
        reply.NodeId = entry.Number.Value;
        reply.Generation = entry.Attributes.Generation;
        reply.EntryValidSeconds = CacheSeconds;
        reply.AttrValidSeconds = CacheSeconds;
        KernelAttributes.Write(entry.Number, entry.Attributes, ref reply.Attr);
    }
}
