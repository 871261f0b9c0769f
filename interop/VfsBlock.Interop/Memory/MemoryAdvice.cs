namespace VfsBlock.Interop;

/// <summary>Advice about a range of memory: the values of madvise(2) that make sense on a region.</summary>
public enum MemoryAdvice
{
    /// <summary>MADV_NORMAL: no special treatment.</summary>
    Normal = 0,

    /// <summary>MADV_RANDOM: no read-ahead.</summary>
    Random = 1,

    /// <summary>MADV_SEQUENTIAL: read ahead far, drop early.</summary>
    Sequential = 2,

    /// <summary>MADV_WILLNEED: start reading the range in; do not wait.</summary>
    WillNeed = 3,

    /// <summary>
    /// MADV_DONTNEED: drop the pages. A shared file's come back from the file; <b>private and anonymous ones lose what
    /// was written</b>. Applies to the pages that lie wholly inside the range.
    /// </summary>
    DontNeed = 4,

    /// <summary>
    /// MADV_FREE: the kernel may drop private anonymous pages, content and all, when it wants memory. Applies to the pages
    /// that lie wholly inside the range.
    /// </summary>
    Free = 8,

    /// <summary>
    /// MADV_REMOVE: punch the pages out of the file behind a shared writable mapping; they read as zero from then on.
    /// Applies to the pages that lie wholly inside the range.
    /// </summary>
    Remove = 9,

    /// <summary>MADV_DONTFORK: a child process does not inherit the range.</summary>
    DontFork = 10,

    /// <summary>MADV_DOFORK: undoes <see cref="DontFork"/>.</summary>
    DoFork = 11,

    /// <summary>MADV_HUGEPAGE: use transparent huge pages.</summary>
    HugePage = 14,

    /// <summary>MADV_NOHUGEPAGE: use base pages only.</summary>
    NoHugePage = 15,

    /// <summary>MADV_DONTDUMP: leave the range out of core dumps.</summary>
    DontDump = 16,

    /// <summary>MADV_DODUMP: undoes <see cref="DontDump"/>.</summary>
    DoDump = 17,

    /// <summary>MADV_COLD: first to be reclaimed; the content stays.</summary>
    Cold = 20,

    /// <summary>MADV_PAGEOUT: reclaim the pages now; the content stays.</summary>
    PageOut = 21,

    /// <summary>MADV_COLLAPSE: gather the range into huge pages now.</summary>
    Collapse = 25,
}
