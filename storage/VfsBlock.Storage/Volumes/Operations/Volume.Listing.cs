using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Listing directories, and where symbolic links lead.</content>
public sealed partial class Volume
{
    /// <summary>Lists a directory from a cookie on: "." and ".." first, then the names in the order of their hashes.</summary>
    /// <remarks>
    /// A cookie stands for a place in the space of hashes, and a name never moves there. So a listing in pieces gives every name that was there all the
    /// time exactly once, whatever else came or went, and a cookie of yesterday is as good as one of today.
    /// </remarks>
    /// <param name="directory">Which.</param>
    /// <param name="cookie">0 to begin; otherwise what came with the last name taken.</param>
    /// <param name="reader">Takes the names.</param>
    /// <returns>ENOTDIR.</returns>
    public Errno ReadDirectory<TReader>(InodeNumber directory, ulong cookie, ref TReader reader)
        where TReader : struct, IDirectoryReader, allows ref struct
    {
        var listing = new Listing<NameOnly<TReader>> { Sink = new NameOnly<TReader> { Reader = reader }, Directory = directory, Cookie = cookie };
        Errno error = _core.Query(ref listing);
        reader = listing.Sink.Reader;
        return error;
    }

    /// <summary>As <see cref="ReadDirectory"/>, with the attributes of each inode as of the same moment.</summary>
    /// <param name="directory">Which.</param>
    /// <param name="cookie">0 to begin; otherwise what came with the last name taken.</param>
    /// <param name="reader">Takes the names.</param>
    /// <param name="hold">True to hold, as <see cref="Hold"/>, each inode whose name was taken, except for "." and "..".</param>
    /// <returns>ENOTDIR.</returns>
    public Errno ReadDirectoryEntries<TReader>(InodeNumber directory, ulong cookie, ref TReader reader, bool hold = false)
        where TReader : struct, IDirectoryEntryReader, allows ref struct
    {
        var sink = new WithAttributes<TReader> { Reader = reader, Hold = hold };
        var listing = new Listing<WithAttributes<TReader>> { Sink = sink, Directory = directory, Cookie = cookie };
        Errno error = _core.Query(ref listing);
        reader = listing.Sink.Reader;
        return error;
    }

    /// <summary>Where a symbolic link leads.</summary>
    /// <param name="inode">The link.</param>
    /// <param name="destination">4095 bytes are enough for any.</param>
    /// <param name="targetBytes">How many were written.</param>
    /// <returns>EINVAL if it is no symbolic link; ERANGE if the destination is too small.</returns>
    public Errno ReadLink(InodeNumber inode, Span<byte> destination, out int targetBytes)
    {
        var reading = new LinkReading { Inode = inode, Destination = destination };
        Errno error = _core.Query(ref reading);
        targetBytes = error == Errno.None ? reading.TargetBytes : 0;
        return error;
    }

    /// <summary>What a listing does with each name.</summary>
    private interface IListingSink
    {
        /// <summary>Passes a name on.</summary>
        /// <param name="view">Where to find more.</param>
        /// <param name="name">The name and what has it.</param>
        /// <param name="cookie">Its cookie.</param>
        /// <param name="isTaken">False if there is no room for it.</param>
        /// <returns>Whether to go on, as the view's methods.</returns>
        bool Add(ref VolumeView view, scoped DentryItem name, ulong cookie, out bool isTaken);
    }

    private ref struct NameOnly<TReader> : IListingSink
        where TReader : struct, IDirectoryReader, allows ref struct
    {
        // By value: a ref struct cannot refer to another. The caller gets it back.
        public TReader Reader;

        public bool Add(ref VolumeView view, scoped DentryItem name, ulong cookie, out bool isTaken)
        {
            isTaken = Reader.TryAdd(name.Name, name.Child, name.Type, cookie);
            return true;
        }
    }

    private ref struct WithAttributes<TReader> : IListingSink
        where TReader : struct, IDirectoryEntryReader, allows ref struct
    {
        public TReader Reader;
        public bool Hold;

        public bool Add(ref VolumeView view, scoped DentryItem name, ulong cookie, out bool isTaken)
        {
            isTaken = false;
            if (!view.FindNamedInode(name.Child, name.Type, out InodeItem attributes))
            {
                return false;
            }

            isTaken = Reader.TryAdd(name.Name, new InodeEntry(name.Child, attributes), cookie);
            if (isTaken && Hold && cookie > DirectoryCookie.Parent)
            {
                view.Core.References.Add(name.Child, attributes.LinkCount == 0);
            }

            return true;
        }
    }

    private ref struct Listing<TSink> : IVolumeQuery
        where TSink : struct, IListingSink, allows ref struct
    {
        public TSink Sink;
        public InodeNumber Directory;

        /// <summary>Behind the last name taken: where the query goes on if it met a cold node.</summary>
        public ulong Cookie;

        public bool Run(ref VolumeView view)
        {
            if (!view.FindDirectory(Directory, out _) || !AddDots(ref view, out bool isFull))
            {
                return false;
            }

            return isFull || AddNames(ref view);
        }

        private bool AddDots(ref VolumeView view, out bool isFull)
        {
            isFull = false;
            if (Cookie < DirectoryCookie.Self && !Add(ref view, new DentryItem(Directory, InodeType.Directory, "."u8), DirectoryCookie.Self, out isFull))
            {
                return false;
            }

            if (isFull || Cookie >= DirectoryCookie.Parent)
            {
                return true;
            }

            // A removed directory is in none: nobody can tell where its ".." leads.
            return view.FindParent(Directory, out InodeNumber parent)
                && Add(ref view, new DentryItem(parent.IsNone ? Directory : parent, InodeType.Directory, ".."u8), DirectoryCookie.Parent, out isFull);
        }

        private bool AddNames(ref VolumeView view)
        {
            ulong nextSub = DirectoryCookie.NextSub(Cookie);
            if (nextSub > FileKey.MaxSub)
            {
                return true;
            }

            TreeKey first = FileKey.Of(Directory, ItemType.Dentry, nextSub);
            var cursor = new TreeCursor(view.Core.Files);
            TreeStatus status = cursor.SeekCeiling(first);
            while (status == TreeStatus.Ok && cursor.Key.High == first.High && cursor.Key.Type() == ItemType.Dentry)
            {
                if (!DentryItem.TryRead(cursor.Value, out DentryItem name))
                {
                    return view.FailDamaged(Directory);
                }

                if (!Add(ref view, name, DirectoryCookie.Of(cursor.Key.Sub()), out bool isFull))
                {
                    return false;
                }

                if (isFull)
                {
                    return true;
                }

                status = cursor.MoveNext();
            }

            return view.Check(status, cursor.Cold);
        }

        private bool Add(ref VolumeView view, scoped DentryItem name, ulong cookie, out bool isFull)
        {
            bool goesOn = Sink.Add(ref view, name, cookie, out bool isTaken);
            isFull = goesOn && !isTaken;
            if (isTaken)
            {
                Cookie = cookie;
            }

            return goesOn;
        }
    }

    private ref struct LinkReading : IVolumeQuery
    {
        public InodeNumber Inode;
        public Span<byte> Destination;
        public int TargetBytes;

        public bool Run(ref VolumeView view)
        {
            if (!view.FindInode(Inode, out InodeItem inode)
                || (inode.Type != InodeType.SymbolicLink && !view.Fail(Errno.EINVAL))
                || (inode.SizeBytes is 0 or > VolumeLimits.MaxSymlinkBytes && !view.FailDamaged(Inode))
                || ((ulong)Destination.Length < inode.SizeBytes && !view.Fail(Errno.ERANGE)))
            {
                return false;
            }

            TargetBytes = (int)inode.SizeBytes;
            int chunkCount = InlineItem.ChunksFor(TargetBytes);
            for (int chunk = 0; chunk < chunkCount; chunk++)
            {
                Span<byte> part = Destination[(chunk * InlineItem.MaxBytes)..Math.Min(TargetBytes, (chunk + 1) * InlineItem.MaxBytes)];
                if (!view.Find(InlineItem.Key(Inode, chunk), out _, out ReadOnlySpan<byte> bytes)
                    || (bytes.Length != part.Length && !view.FailDamaged(Inode)))
                {
                    return false;
                }

                bytes.CopyTo(part);
            }

            return true;
        }
    }
}
