namespace VfsBlock.Storage;

/// <summary>What is wrong with a superblock.</summary>
internal enum SuperblockFault
{
    None = 0,
    NotRecognised,
    BadChecksum,
    TooNew,
    BadField,
}
