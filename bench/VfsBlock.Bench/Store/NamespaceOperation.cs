namespace VfsBlock.Bench;

/// <summary>What is done to a directory, in the order of the tables.</summary>
internal enum NamespaceOperation
{
    /// <summary>Files made one after another until all are there, and everything written to its place.</summary>
    Fill,
    Create,
    Lookup,
    Readdir,
    Rename,
    Unlink,
}
