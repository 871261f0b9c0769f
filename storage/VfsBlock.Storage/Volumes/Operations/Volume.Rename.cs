using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Names that move.</content>
public sealed partial class Volume
{
    /// <summary>Renames. What has the new name is replaced, unless the flags say otherwise; two names of one inode both stay (rename(2)).</summary>
    /// <param name="oldDirectory">Where the name is.</param>
    /// <param name="oldName">The name.</param>
    /// <param name="newDirectory">Where it goes.</param>
    /// <param name="newName">1 to 255 bytes without '/' and 0.</param>
    /// <param name="flags">How.</param>
    /// <param name="owner">Who owns what <see cref="RenameFlags.Whiteout"/> leaves.</param>
    /// <returns>ENOENT, ENOTDIR, ENAMETOOLONG, ENOSPC; EINVAL if a directory would move below itself, for what is no name, and for flags that exclude each
    /// other; EISDIR and ENOTDIR if only one of both is a directory; ENOTEMPTY; EEXIST; EMLINK; EPERM if what is moved or replaced, or a directory, must not change.</returns>
    public Errno Rename(
        InodeNumber oldDirectory,
        ReadOnlySpan<byte> oldName,
        InodeNumber newDirectory,
        ReadOnlySpan<byte> newName,
        RenameFlags flags = RenameFlags.None,
        Credentials owner = default)
    {
        bool exchanges = (flags & RenameFlags.Exchange) != 0;
        if ((flags & ~(RenameFlags.NoReplace | RenameFlags.Whiteout | RenameFlags.Exchange)) != 0 || (exchanges && flags != RenameFlags.Exchange))
        {
            return Errno.EINVAL;
        }

        // A full volume must let a program put a new version of a file in the place of the old one, as long as nothing becomes larger.
        bool staysAsLarge = oldDirectory == newDirectory && newName.Length <= oldName.Length && (flags & RenameFlags.Whiteout) == 0;
        ChangeRight right = staysAsLarge || exchanges ? ChangeRight.Deleting : ChangeRight.Ordinary;
        var names = new NamePair { From = oldDirectory, OldName = oldName, To = newDirectory, NewName = newName };
        if (exchanges)
        {
            var exchange = new Exchange { Names = names };
            return _core.Change(ref exchange, right);
        }

        var move = new Move { Names = names, Flags = flags, Owner = owner };
        Errno error = _core.Change(ref move, right);
        return error == Errno.None && move.LeavesUnused ? BeginDeletion(move.Replaced) : error;
    }

    /// <summary>What both kinds of rename look at.</summary>
    private ref struct NamePair
    {
        public InodeNumber From;
        public ReadOnlySpan<byte> OldName;
        public InodeNumber To;
        public ReadOnlySpan<byte> NewName;
        public InodeItem FromInode;
        public InodeItem ToInode;
        public NameSlot Source;
        public NameSlot Target;
        public InodeItem Moved;
        public ItemSlot MovedReference;

        public readonly InodeNumber Child => Source.Child;

        /// <summary>True if both names are of one inode: then there is nothing to do.</summary>
        public readonly bool IsSameInode => Target.Exists && Target.Child == Source.Child;

        public bool Find(ref VolumeView view) =>
            view.FindExistingName(From, OldName, out FromInode, out Source)
            && view.FindDirectory(To, out ToInode)
            && view.FindName(To, NewName, out Target)
            && view.FindNamedInode(Child, Source.Type, out Moved)
            && view.RequireDeletable(in FromInode, in Moved)
            && view.RequireMutable(in ToInode)
            && view.FindExistingReference(Child, Source.ReferenceFrom(From), out MovedReference)
            && RequireLinks(ref view, Source, From, FromInode)
            && RequireLinks(ref view, Target, To, ToInode);

        /// <summary>A directory counts each directory in it, so that the count can go down by one.</summary>
        private static bool RequireLinks(ref VolumeView view, in NameSlot name, InodeNumber directory, in InodeItem inode) =>
            !name.Exists || !name.IsDirectory || inode.LinkCount > 2 || view.FailDamaged(directory);

        /// <summary>EINVAL if a directory would lie below itself.</summary>
        public readonly bool RequireOutside(ref VolumeView view, in NameSlot moved, InodeNumber newParent)
        {
            bool isWithin = false;
            return !moved.IsDirectory
                || From == To
                || (view.IsWithin(newParent, moved.Child, out isWithin) && (!isWithin || view.Fail(Errno.EINVAL)));
        }

        /// <summary>Times of both directories, and link counts by the directories that came and went.</summary>
        public readonly void UpdateDirectories(ref VolumeTransaction transaction, int fromDifference, int toDifference)
        {
            int difference = From == To ? fromDifference + toDifference : fromDifference;
            UpdateDirectory(ref transaction, From, FromInode, difference);
            if (From != To)
            {
                UpdateDirectory(ref transaction, To, ToInode, toDifference);
            }
        }

        private static void UpdateDirectory(ref VolumeTransaction transaction, InodeNumber number, in InodeItem inode, int difference)
        {
            InodeItem changed = inode;
            changed.SetChanged(transaction.Now);
            changed.LinkCount = (uint)(inode.LinkCount + difference);
            transaction.Update(number, inode, changed);
        }
    }

    private static void UpdateChangeTime(ref VolumeTransaction transaction, InodeNumber number, in InodeItem inode)
    {
        InodeItem changed = inode;
        changed.ChangeTime = transaction.Now;
        transaction.Update(number, inode, changed);
    }

    private ref struct Move : IVolumeChange
    {
        public NamePair Names;
        public RenameFlags Flags;
        public Credentials Owner;
        private InodeItem _replaced;
        private NameRemoval _replacedRemoval;
        private ItemSlot _newReference;
        private InodeNumber _whiteout;
        private ItemSlot _whiteoutReference;

        public readonly InodeNumber Replaced => Names.Target.Child;

        public readonly bool LeavesUnused => _replacedRemoval.IsUnused;

        private readonly bool LeavesWhiteout => (Flags & RenameFlags.Whiteout) != 0;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            _replaced = default;
            return Names.Find(ref view)
                && (!Names.Target.Exists || (Flags & RenameFlags.NoReplace) == 0 || view.Fail(Errno.EEXIST))
                && (Names.IsSameInode || PrepareMove(ref transaction));
        }

        public void Apply(ref VolumeTransaction transaction)
        {
            if (Names.IsSameInode)
            {
                return;
            }

            RemoveName(ref transaction, Names.From, Names.Source, Names.Child, Names.MovedReference);
            if (Names.Target.Exists)
            {
                _replacedRemoval.Apply(ref transaction);
            }

            AddName(ref transaction, Names.To, Names.NewName, Names.Target, Names.Child, Names.Source.Type, _newReference);
            int directoryCount = Names.Source.IsDirectory ? 1 : 0;
            Names.UpdateDirectories(ref transaction, -directoryCount, directoryCount - (_replaced.IsDirectory ? 1 : 0));
            UpdateChangeTime(ref transaction, Names.Child, Names.Moved);
            if (LeavesWhiteout)
            {
                InodeItem whiteout = NewInodeIn(in transaction, Names.FromInode, ModeBits.Of(InodeType.CharacterDevice, 0), Owner);
                transaction.Add(_whiteout, whiteout);
                AddName(ref transaction, Names.From, Names.OldName, Names.Source, _whiteout, InodeType.CharacterDevice, _whiteoutReference);
            }
        }

        private bool PrepareMove(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            return (Names.ToInode.LinkCount > 0 || view.Fail(Errno.ENOENT))
                && (DentryItem.IsName(Names.NewName) || view.Fail(Errno.EINVAL))
                && (!Names.Target.Slot.IsFull || view.Fail(Errno.ENOSPC))
                && Names.RequireOutside(ref view, Names.Source, Names.To)
                && (Names.Target.Exists ? PrepareReplacing(ref transaction) : RequireRoomForDirectory(ref view))
                && view.FindReference(Names.Child, Names.Target.ReferenceFrom(Names.To), out _newReference)
                && transaction.WillUpdate(Names.From)
                && transaction.WillUpdate(Names.To)
                && transaction.WillUpdate(Names.Child)
                && WillRemoveName(ref transaction, Names.From, Names.Source, Names.Child, Names.MovedReference)
                && WillAddName(ref transaction, Names.To, Names.NewName, Names.Target, Names.Child, _newReference)
                && (!LeavesWhiteout || PrepareWhiteout(ref transaction));
        }

        private readonly bool RequireRoomForDirectory(ref VolumeView view) =>
            !Names.Source.IsDirectory || Names.From == Names.To || Names.ToInode.LinkCount < view.Core.MaxLinkCount || view.Fail(Errno.EMLINK);

        private bool PrepareReplacing(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            bool isDirectory = Names.Target.IsDirectory;
            return (isDirectory == Names.Source.IsDirectory || view.Fail(isDirectory ? Errno.EISDIR : Errno.ENOTDIR))
                && view.FindNamedInode(Replaced, Names.Target.Type, out _replaced)
                && view.RequireDeletable(in Names.ToInode, in _replaced)
                && (!isDirectory || view.RequireEmpty(Replaced))
                && _replacedRemoval.Prepare(ref transaction, Names.To, in Names.Target, in _replaced);
        }

        private bool PrepareWhiteout(ref VolumeTransaction transaction)
        {
            VolumeCore core = transaction.View.Core;
            _whiteoutReference = ItemSlot.Free(FileKey.FirstSub(core.HashOf(Names.Source.ReferenceFrom(Names.From))));
            return transaction.NextInode(out _whiteout)
                && transaction.WillUpdate(_whiteout)
                && WillAddName(ref transaction, Names.From, Names.OldName, Names.Source, _whiteout, _whiteoutReference);
        }
    }

    private ref struct Exchange : IVolumeChange
    {
        public NamePair Names;
        private InodeItem _other;
        private ItemSlot _otherReference;
        private ItemSlot _movedNewReference;
        private ItemSlot _otherNewReference;

        private readonly InodeNumber Other => Names.Target.Child;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            return Names.Find(ref view)
                && (Names.Target.Exists || view.Fail(Errno.ENOENT))
                && (Names.IsSameInode || PrepareExchange(ref transaction));
        }

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            if (Names.IsSameInode)
            {
                return;
            }

            RemoveName(ref transaction, Names.From, Names.Source, Names.Child, Names.MovedReference);
            RemoveName(ref transaction, Names.To, Names.Target, Other, _otherReference);
            AddName(ref transaction, Names.To, Names.NewName, Names.Target, Names.Child, Names.Source.Type, _movedNewReference);
            AddName(ref transaction, Names.From, Names.OldName, Names.Source, Other, Names.Target.Type, _otherNewReference);
            int difference = (Names.Target.IsDirectory ? 1 : 0) - (Names.Source.IsDirectory ? 1 : 0);
            Names.UpdateDirectories(ref transaction, difference, -difference);
            UpdateChangeTime(ref transaction, Names.Child, Names.Moved);
            UpdateChangeTime(ref transaction, Other, _other);
        }

        private bool PrepareExchange(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            return Names.RequireOutside(ref view, Names.Source, Names.To)
                && Names.RequireOutside(ref view, Names.Target, Names.From)
                && view.FindNamedInode(Other, Names.Target.Type, out _other)
                && view.RequireDeletable(in Names.ToInode, in _other)
                && view.FindExistingReference(Other, Names.Target.ReferenceFrom(Names.To), out _otherReference)
                && view.FindReference(Names.Child, Names.Target.ReferenceFrom(Names.To), out _movedNewReference)
                && view.FindReference(Other, Names.Source.ReferenceFrom(Names.From), out _otherNewReference)
                && transaction.WillUpdate(Names.From)
                && transaction.WillUpdate(Names.To)
                && transaction.WillUpdate(Names.Child)
                && transaction.WillUpdate(Other)
                && WillRemoveName(ref transaction, Names.From, Names.Source, Names.Child, Names.MovedReference)
                && WillRemoveName(ref transaction, Names.To, Names.Target, Other, _otherReference)
                && WillAddName(ref transaction, Names.To, Names.NewName, Names.Target, Names.Child, _movedNewReference)
                && WillAddName(ref transaction, Names.From, Names.OldName, Names.Source, Other, _otherNewReference);
        }
    }
}
