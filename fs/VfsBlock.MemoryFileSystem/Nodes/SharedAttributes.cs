using VfsBlock.Fuse;

namespace VfsBlock.MemoryFileSystem;

/// <summary>
/// An inode's attributes, which any thread reads without a lock while one at a time changes them: a sequence lock.
/// </summary>
/// <remarks>
/// The writer holds the inode's lock. The version is odd while it writes; a reader that met a writer reads again. A
/// mutable struct: keep it in a field that is not readonly.
/// </remarks>
internal struct SharedAttributes
{
    private FuseAttr _value;
    private uint _version;

    /// <summary>Copies the attributes, all from the same moment.</summary>
    public void Read(out FuseAttr copy)
    {
        var spin = default(SpinWait);
        while (true)
        {
            uint before = Volatile.Read(ref _version);
            copy = _value;
            Volatile.ReadBarrier();
            if ((before & 1) == 0 && _version == before)
            {
                return;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>Replaces the attributes. The caller holds the inode's lock.</summary>
    public void Write(in FuseAttr value)
    {
        _version++;
        Volatile.WriteBarrier();
        _value = value;
        Volatile.Write(ref _version, _version + 1);
    }
}
