using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <content>
/// Replies that reached nobody: the kernel did not count the lookups that they report, nor will it release what they
/// opened, so both are taken back.
/// </content>
internal sealed partial class FuseDispatcher
{
    /// <summary>Takes back what a successful reply promised.</summary>
    /// <param name="slot">The request and the reply that did not get through.</param>
    /// <param name="lengthBytes">Bytes of the reply's body.</param>
    public unsafe void Undo(FuseSlot slot, int lengthBytes)
    {
        var body = new ReadOnlySpan<byte>((void*)slot.BodyAddress, lengthBytes);
        switch (slot.Request.Opcode)
        {
            case FuseOpcode.Lookup or FuseOpcode.SymLink or FuseOpcode.Mknod or FuseOpcode.Mkdir or FuseOpcode.Link:
                Forget(MemoryMarshal.Read<FuseEntryOut>(body).NodeId);
                break;
            case FuseOpcode.Create or FuseOpcode.TmpFile:
                FuseCreateOut created = MemoryMarshal.Read<FuseCreateOut>(body);
                if (_fileSystem.ServesOpen)
                {
                    _fileSystem.Release(slot.Request, new NodeId(created.Entry.NodeId), Closing(created.Open));
                }

                Forget(created.Entry.NodeId);
                break;
            case FuseOpcode.Open:
                _fileSystem.Release(slot.Request, slot.Request.Node, Closing(MemoryMarshal.Read<FuseOpenOut>(body)));
                break;
            case FuseOpcode.OpenDir:
                _fileSystem.ReleaseDir(slot.Request, slot.Request.Node, Closing(MemoryMarshal.Read<FuseOpenOut>(body)));
                break;
            case FuseOpcode.ReadDirPlus:
                ForgetEntries(body);
                break;
        }
    }

    private static FuseReleaseIn Closing(in FuseOpenOut open) => new() { FileHandle = open.FileHandle };

    private void Forget(ulong node)
    {
        if (node != 0)
        {
            _fileSystem.Forget(new NodeId(node), 1);
        }
    }

    private void ForgetEntries(ReadOnlySpan<byte> records)
    {
        while (records.Length >= Unsafe.SizeOf<FuseDirentPlus>())
        {
            FuseDirentPlus record = MemoryMarshal.Read<FuseDirentPlus>(records);
            ReadOnlySpan<byte> name = records[Unsafe.SizeOf<FuseDirentPlus>()..];
            name = name[..(int)Math.Min(record.Dirent.NameLength, (uint)name.Length)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                Forget(record.Entry.NodeId);
            }

            int recordBytes = FuseDirectoryPlusWriter.RecordBytes(name.Length);
            records = records[Math.Min(recordBytes, records.Length)..];
        }
    }
}
