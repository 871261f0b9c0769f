using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The memory that trees live in. Nodes born in the open generation are changed in place; all others are only read, and replaced by
/// a copy in a new place. Closing the generation (a commit) therefore freezes what it holds without a copy.
/// </summary>
/// <remarks>
/// Threads: the caller's lock keeps changes (<see cref="Reserve"/>, <see cref="Allocate"/>, <see cref="Free"/>) apart from everything else; any number of
/// threads call <see cref="Find"/> at once. Only <see cref="Load"/> does I/O; it is called without that lock.
/// </remarks>
public unsafe interface INodeStore
{
    /// <summary>First 8 bytes of the image's uuid, which every node carries.</summary>
    ulong ImageId { get; }

    /// <summary>The open generation.</summary>
    ulong Generation { get; }

    /// <summary>Goes up whenever an address that <see cref="Find"/> gave may have become bad while the caller's lock was held: <see cref="Reserve"/> can need the memory.</summary>
    long EvictionCount => 0;

    /// <summary>The node's 16384 bytes, if they are in memory and were verified; null if it is cold: then <see cref="Load"/> it and start again.</summary>
    /// <remarks>
    /// Valid until the caller's lock is let go. Nodes of the open generation, and those of a closed one until its commit is done, are always in memory,
    /// freed or not, and may be written through the address: <see cref="TreeSeal"/> puts the checksums there. A pointer to such a node is known by block and
    /// generation; its checksum may not be set yet.
    /// </remarks>
    byte* Find(in NodePointer node);

    /// <summary>Reads a cold node from the device and verifies it. Without the lock.</summary>
    /// <returns>
    /// EIO if it cannot be read or is not what the pointer says. ESTALE if its blocks are not its own: the tree changed meanwhile, or is damaged if it still has that pointer;
    /// <see cref="NodeLoader"/> tells the two apart.
    /// </returns>
    Errno Load(in NodePointer node);

    /// <summary>Tells that a tree has a pointer that leads to no node.</summary>
    void NoteDamage(in NodePointer node)
    {
    }

    /// <summary>
    /// Makes sure that the next <paramref name="nodeCount"/> calls of <see cref="Allocate"/> succeed, so that a change never fails half way.
    /// </summary>
    /// <returns>ENOSPC if the image is full; EBUSY if memory for nodes is used up: commit, then try again.</returns>
    Errno Reserve(int nodeCount);

    /// <summary>As <see cref="Reserve"/>, for a change that frees space, or that must be done before anything can be committed: it may use what is kept for that.</summary>
    /// <inheritdoc cref="Reserve"/>
    Errno ReserveUrgently(int nodeCount) => Reserve(nodeCount);

    /// <summary>A new node of the open generation, all zeros, out of what was reserved.</summary>
    byte* Allocate(out BlockNumber block);

    /// <summary>
    /// A node that the tree as it is now no longer refers to. One of the open generation is gone at once. One of a closed generation may still be
    /// part of a root that is being committed: it stays readable until that is done, and its blocks are used again only after the commit that
    /// makes this call durable.
    /// </summary>
    void Free(in NodePointer node);
}
