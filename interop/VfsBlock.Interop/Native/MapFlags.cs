namespace VfsBlock.Interop.Native;

/// <summary>The MAP_ values of mmap(2) that we use, as x86-64 and arm64 share them.</summary>
[Flags]
internal enum MapFlags
{
    /// <summary>MAP_SHARED: writes reach the file and every other mapping of it.</summary>
    Shared = 0x01,

    /// <summary>MAP_PRIVATE: a page is copied when it is first written.</summary>
    Private = 0x02,

    /// <summary>MAP_FIXED: at exactly this address, replacing what is mapped there.</summary>
    Fixed = 0x10,

    /// <summary>MAP_ANONYMOUS: no file; zeroed memory.</summary>
    Anonymous = 0x20,

    /// <summary>MAP_NORESERVE: no commit charge for the range.</summary>
    NoReserve = 0x4000,

    /// <summary>MAP_POPULATE: fault the pages in before the call returns; failures to do so are not reported.</summary>
    Populate = 0x8000,

    /// <summary>MAP_HUGETLB: from the pool of reserved huge pages.</summary>
    HugeTlb = 0x40000,

    /// <summary>MAP_HUGE_2MB: which pool; the binary logarithm of the page size in the bits from 26 up.</summary>
    Huge2MiB = 21 << 26,
}
