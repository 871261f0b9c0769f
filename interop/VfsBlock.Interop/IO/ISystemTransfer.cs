namespace VfsBlock.Interop;

/// <summary>
/// One system call that moves bytes, in one direction. A struct implements it, so that the loop over it is compiled
/// for that direction, and tests can put a kernel of their own in its place.
/// </summary>
internal interface ISystemTransfer
{
    /// <summary>
    /// Flags whose promise is about a single call: a request that needs two calls cannot keep it. DSYNC and SYNC are not
    /// among them: when every part is durable on its return, the whole is.
    /// </summary>
    static abstract RwFlags PerCallFlags { get; }

    /// <summary>What it means that a call moved nothing: the file's end, or an error.</summary>
    static abstract Errno NothingMoved { get; }

    /// <summary>Makes the call.</summary>
    /// <param name="vectors">The memory.</param>
    /// <param name="offsetBytes">Where in the file, or <see cref="TransferLoop.OwnPosition"/>.</param>
    /// <param name="flags">Passed on as they are.</param>
    /// <returns>The bytes moved, or a negated errno.</returns>
    long Call(ReadOnlySpan<IoVec> vectors, long offsetBytes, RwFlags flags);
}
