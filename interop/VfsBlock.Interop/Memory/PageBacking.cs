namespace VfsBlock.Interop;

/// <summary>Which pages a region was given when it asked for huge ones.</summary>
public enum PageBacking
{
    /// <summary>Pages of the base size.</summary>
    BasePages = 0,

    /// <summary>The kernel was told to use transparent huge pages and agreed; it does so as memory allows.</summary>
    TransparentHugePages = 1,

    /// <summary>Every page is a huge page of the reserved pool (hugetlbfs).</summary>
    ReservedHugePages = 2,
}
