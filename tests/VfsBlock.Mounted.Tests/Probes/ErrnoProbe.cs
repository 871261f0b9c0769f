using System.Buffers.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>Fails with the errno it is told: a lookup by the name asked for ("28"), the rest by a property.</summary>
internal sealed class ErrnoProbe : ProbeFileSystem
{
    public Errno AttrAnswer { get; set; }

    public Errno ReadAnswer { get; set; }

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Utf8Parser.TryParse(name, out int number, out int _)
            ? (Errno)number
            : base.Lookup(request, parent, name, ref reply);

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply) =>
        AttrAnswer == Errno.None || node != FileNode ? base.GetAttr(request, node, args, ref reply) : AttrAnswer;

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount) =>
        ReadAnswer == Errno.None ? base.Read(request, node, args, data, ref byteCount) : ReadAnswer;
}
