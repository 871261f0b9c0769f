using VfsBlock.Interop.Native;
using VfsBlock.TestKit;

namespace VfsBlock.Interop.Tests;

/// <summary>Constants of the memory calls against the system's headers.</summary>
public sealed class MemoryHeadersTests
{
    [HeadersFact("sys/mman.h", "linux/mman.h", "fcntl.h")]
    public void MappingConstants_EveryOneTheHeadersKnow_HasTheirValue() => SystemHeaders.AssertConstants(
        ["sys/mman.h", "linux/mman.h", "fcntl.h"],
        ("PROT_READ", (long)MapProtection.Read),
        ("PROT_WRITE", (long)MapProtection.Write),
        ("PROT_EXEC", (long)MapProtection.Execute),
        ("MAP_SHARED", (long)MapFlags.Shared),
        ("MAP_PRIVATE", (long)MapFlags.Private),
        ("MAP_FIXED", (long)MapFlags.Fixed),
        ("MAP_ANONYMOUS", (long)MapFlags.Anonymous),
        ("MAP_NORESERVE", (long)MapFlags.NoReserve),
        ("MAP_POPULATE", (long)MapFlags.Populate),
        ("MAP_HUGETLB", (long)MapFlags.HugeTlb),
        ("MAP_HUGE_2MB", (long)MapFlags.Huge2MiB),
        ("MS_SYNC", Libc.SyncAndWait),
        ("SYNC_FILE_RANGE_WRITE", Libc.SyncFileRangeWrite));

    [HeadersFact("linux/mman.h")]
    public void MemoryAdvice_EveryOneTheHeadersKnow_HasTheirValue() => SystemHeaders.AssertConstants(
        ["linux/mman.h"],
        ("MADV_NORMAL", (long)MemoryAdvice.Normal),
        ("MADV_RANDOM", (long)MemoryAdvice.Random),
        ("MADV_SEQUENTIAL", (long)MemoryAdvice.Sequential),
        ("MADV_WILLNEED", (long)MemoryAdvice.WillNeed),
        ("MADV_DONTNEED", (long)MemoryAdvice.DontNeed),
        ("MADV_FREE", (long)MemoryAdvice.Free),
        ("MADV_REMOVE", (long)MemoryAdvice.Remove),
        ("MADV_DONTFORK", (long)MemoryAdvice.DontFork),
        ("MADV_DOFORK", (long)MemoryAdvice.DoFork),
        ("MADV_HUGEPAGE", (long)MemoryAdvice.HugePage),
        ("MADV_NOHUGEPAGE", (long)MemoryAdvice.NoHugePage),
        ("MADV_DONTDUMP", (long)MemoryAdvice.DontDump),
        ("MADV_DODUMP", (long)MemoryAdvice.DoDump),
        ("MADV_COLD", (long)MemoryAdvice.Cold),
        ("MADV_PAGEOUT", (long)MemoryAdvice.PageOut),
        ("MADV_COLLAPSE", (long)MemoryAdvice.Collapse),
        ("MADV_POPULATE_READ", Libc.AdvisePopulateRead),
        ("MADV_POPULATE_WRITE", Libc.AdvisePopulateWrite));
}
