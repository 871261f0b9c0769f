namespace VfsBlock.Fuse;

/// <summary>What the body of a reply may consist of: a struct of fixed size, then bytes that the operation counts.</summary>
/// <param name="FixedBytes">Bytes of the struct; 0 for none.</param>
/// <param name="CountedBytes">The most counted bytes that may follow it: the caller has no room for more.</param>
/// <param name="IsSizeQuery">
/// True for an attribute asked only for its length: the count itself is the answer, in a <see cref="FuseGetXattrOut"/>.
/// </param>
internal readonly record struct FuseReplyRoom(int FixedBytes, int CountedBytes = 0, bool IsSizeQuery = false);
