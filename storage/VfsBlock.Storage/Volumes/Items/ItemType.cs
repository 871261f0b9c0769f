namespace VfsBlock.Storage;

/// <summary>What an item of a file tree says about its inode (FORMAT.md section 4.2).</summary>
internal enum ItemType : byte
{
    /// <summary>The attributes.</summary>
    Inode = 1,

    /// <summary>The bytes of a small file, or the target of a symbolic link.</summary>
    Inline = 2,

    /// <summary>A name that the inode has: parent directory and place in it.</summary>
    Reference = 3,

    /// <summary>An extended attribute.</summary>
    Xattr = 4,

    /// <summary>A name in the inode, which is a directory.</summary>
    Dentry = 5,

    /// <summary>A run of the file's data.</summary>
    Extent = 6,

    /// <summary>A part of an extended attribute that is too long for its item.</summary>
    XattrData = 7,

    /// <summary>An inode without a name that is to be deleted; under inode 0.</summary>
    Orphan = 15,
}
