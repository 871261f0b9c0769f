using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// A file system as the kernel sees it: operations on node ids. Derive from it, override what the file system can do,
/// and give it to a <c>FuseSession</c>.
/// </summary>
/// <remarks>
/// <para>
/// Threads: every serving thread calls these methods, several at once, on the same node as well. An implementation does
/// its own locking. Exceptions are not part of the contract: one that escapes is logged and answered with EIO.
/// </para>
/// <para>
/// Arguments: names carry no NUL and may hold any byte but '/' and NUL; the kernel does not enforce a length of 255.
/// Spans and <c>in</c>/<c>ref</c> arguments point into the request's and the reply's own memory. A <c>ref</c> reply
/// arrives zeroed and is sent only when the method returns <see cref="Errno.None"/>. A <c>ref int byteCount</c> says
/// how many bytes of the reply span were filled.
/// </para>
/// <para>
/// Waiting: a method that would wait for a disk takes the request with <see cref="FuseRequest.TryDefer"/>, returns any
/// value, and answers later with <see cref="FuseRequest.Complete(Errno)"/>; the memory stays valid until then.
/// </para>
/// <para>
/// Defaults: what is not overridden answers as the man page says for a file system that lacks it. ENOSYS is used only
/// where the kernel's memory of it does no harm: the kernel never asks again on that mount, so that on FSYNC, say, it
/// would turn every later fsync into a silent success. See docs/decisions/0003-errors-the-kernel-remembers.md.
/// </para>
/// </remarks>
public abstract partial class FuseFileSystem
{
    /// <summary>
    /// True if the file system answers OPEN itself. False (the default) answers ENOSYS once: opening then costs no
    /// message, handles are 0, and the session keeps ATOMIC_O_TRUNC off, without which <c>open(O_TRUNC)</c> would
    /// be lost.
    /// </summary>
    public virtual bool ServesOpen => false;

    /// <summary>Called once, before the first request, with what the kernel and the session agreed on.</summary>
    /// <remarks>
    /// INIT is answered when this returns, so it must not wait: open files and start disks before mounting. Where mount(2) itself waits for that
    /// answer (SYNC_INIT), it does so beyond the reach of any signal, KILL included: a mount that blocks here, and with it the process, can be
    /// ended only by aborting the connection, <c>echo 1 &gt; /sys/fs/fuse/connections/N/abort</c>.
    /// </remarks>
    public virtual void Started(FuseAgreement agreement)
    {
    }

    /// <summary>
    /// Called once, after the last request was answered: the mount is gone. The kernel sends no FORGET for what it
    /// still held, so every lookup count is zero from here on.
    /// </summary>
    public virtual void Stopped()
    {
    }

    /// <summary>LOOKUP: finds a name and counts one lookup on its node.</summary>
    /// <returns>ENOENT, or success with node id 0 and an entry timeout to let the kernel remember the absence.</returns>
    public abstract Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply);

    /// <summary>
    /// FORGET and BATCH_FORGET: takes back lookups. At zero the kernel holds no reference to the node. Has no reply
    /// and must be quick: it runs inline and comes in floods.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="lookupCount">How many lookups to subtract, 1 or more.</param>
    public virtual void Forget(NodeId node, ulong lookupCount)
    {
    }

    /// <summary>GETATTR: the commonest message; answer it without a lock.</summary>
    public abstract Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply);

    /// <summary>STATX: attributes with birth time; sent only to callers that ask for that time.</summary>
    /// <returns>Default ENOSYS: the kernel uses GETATTR from then on.</returns>
    public virtual Errno Statx(FuseRequest request, NodeId node, in FuseStatxIn args, ref FuseStatxOut reply) =>
        Errno.ENOSYS;

    /// <summary>SETATTR: chmod, chown, truncate, utimens, as <see cref="FuseSetAttrIn.Valid"/> says; no bit at all is legal.</summary>
    /// <returns>Default EPERM.</returns>
    public virtual Errno SetAttr(FuseRequest request, NodeId node, in FuseSetAttrIn args, ref FuseAttrOut reply) =>
        Errno.EPERM;

    /// <summary>ACCESS: never sent where the mount has default_permissions.</summary>
    /// <returns>Default ENOSYS: the kernel allows.</returns>
    public virtual Errno Access(FuseRequest request, NodeId node, in FuseAccessIn args) => Errno.ENOSYS;

    /// <summary>STATFS. The default says nothing about space, and that names have 255 bytes.</summary>
    public virtual Errno StatFs(FuseRequest request, NodeId node, ref FuseStatfsOut reply)
    {
        reply.BlockSize = 4096;
        reply.FragmentSize = 4096;
        reply.NameLength = 255;
        return Errno.None;
    }

    /// <summary>
    /// The caller of <paramref name="request"/>, which is still being handled or deferred, got a signal. Runs on another
    /// serving thread. The usual answer is to go on: programs take EINTR from a local file system badly. Cut short only
    /// what may wait without bound.
    /// </summary>
    public virtual void Interrupted(FuseRequest request)
    {
    }
}
