namespace VfsBlock.Interop.Native;

/// <summary>What the pages of a mapping allow: the PROT_ values of mmap(2).</summary>
[Flags]
internal enum MapProtection
{
    /// <summary>PROT_NONE: address space only; any touch is SIGSEGV.</summary>
    None = 0,

    /// <summary>PROT_READ.</summary>
    Read = 1,

    /// <summary>PROT_WRITE.</summary>
    Write = 2,

    /// <summary>PROT_EXEC.</summary>
    Execute = 4,
}
