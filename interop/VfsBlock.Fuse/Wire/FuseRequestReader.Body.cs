using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>Checks and takes apart what follows the argument struct.</content>
public ref partial struct FuseRequestReader
{
    private Errno ReadBody(ReadOnlySpan<byte> body)
    {
        int extensionBytes = Header.ExtensionUnits * FuseProtocol.RecordAlignmentBytes;
        if (extensionBytes > body.Length)
        {
            return Errno.EIO;
        }

        Errno error = FuseRequestExtensions.Read(body[^extensionBytes..], out _extensions);
        if (error != Errno.None)
        {
            return error;
        }

        body = body[..^extensionBytes];
        error = Layout.Body switch
        {
            FuseBody.None => body.IsEmpty ? Errno.None : Errno.EIO,
            FuseBody.LookupName or FuseBody.Name or FuseBody.Placeholder or FuseBody.XattrName => ReadOneName(body),
            FuseBody.TwoNames or FuseBody.NameAndTarget => ReadTwoNames(body),
            FuseBody.XattrNameAndValue => ReadNameAndValue(body),
            FuseBody.Data => ReadBytes(body, DeclaredDataBytes()),
            FuseBody.ForgetList => ReadList<FuseForgetOne>(body, Argument<FuseBatchForgetIn>().Count),
            FuseBody.MappingList => ReadList<FuseRemoveMappingOne>(body, Argument<FuseRemoveMappingIn>().Count),
            _ => Errno.EIO,
        };
        return error == Errno.None ? CheckRange() : error;
    }

    private Errno ReadOneName(ReadOnlySpan<byte> body)
    {
        if (!FuseNameRules.TryTakeText(ref body, out ReadOnlySpan<byte> name) || !body.IsEmpty)
        {
            return Errno.EIO;
        }

        Name = name;
        return Layout.Body switch
        {
            FuseBody.LookupName => FuseNameRules.CheckLookupName(name),
            FuseBody.XattrName => FuseNameRules.CheckXattrName(name),
            FuseBody.Placeholder => Errno.None,
            _ => FuseNameRules.CheckName(name),
        };
    }

    private Errno ReadTwoNames(ReadOnlySpan<byte> body)
    {
        if (!FuseNameRules.TryTakeText(ref body, out ReadOnlySpan<byte> first)
            || !FuseNameRules.TryTakeText(ref body, out ReadOnlySpan<byte> second)
            || !body.IsEmpty)
        {
            return Errno.EIO;
        }

        Name = first;
        _rest = second;
        Errno error = FuseNameRules.CheckName(first);
        return error != Errno.None ? error
            : Layout.Body == FuseBody.NameAndTarget ? FuseNameRules.CheckTarget(second)
            : FuseNameRules.CheckName(second);
    }

    private Errno ReadNameAndValue(ReadOnlySpan<byte> body)
    {
        if (!FuseNameRules.TryTakeText(ref body, out ReadOnlySpan<byte> name)
            || ReadBytes(body, Argument<FuseSetXattrIn>().Size) != Errno.None)
        {
            return Errno.EIO;
        }

        Name = name;
        return FuseNameRules.CheckXattrName(name);
    }

    private Errno ReadBytes(ReadOnlySpan<byte> body, uint declaredBytes)
    {
        _rest = body;
        return body.Length == declaredBytes ? Errno.None : Errno.EIO;
    }

    private Errno ReadList<T>(ReadOnlySpan<byte> body, uint count)
        where T : unmanaged
    {
        _rest = body;
        return body.Length == count * (long)Unsafe.SizeOf<T>() ? Errno.None : Errno.EIO;
    }

    private readonly uint DeclaredDataBytes() => Header.Opcode switch
    {
        FuseOpcode.Write => Argument<FuseWriteIn>().Size,
        FuseOpcode.Ioctl => Argument<FuseIoctlIn>().InSize,
        _ => Argument<FuseNotifyRetrieveIn>().Size,
    };

    // Offsets are unsigned on the wire and signed everywhere else: none may turn negative later. A listing's offset is
    // a cookie of the file system's own. A read may ask beyond the largest offset: the kernel reads whole pages, and
    // the last page of the largest file ends there.
    private readonly Errno CheckRange()
    {
        bool fits = Header.Opcode switch
        {
            FuseOpcode.Read => Fits(Argument<FuseReadIn>().Offset, 0),
            FuseOpcode.Write => Fits(Argument<FuseWriteIn>().Offset, Argument<FuseWriteIn>().Size),
            FuseOpcode.SetAttr => (Argument<FuseSetAttrIn>().Valid & FuseSetAttrValid.Size) == 0
                || Fits(Argument<FuseSetAttrIn>().Size, 0),
            FuseOpcode.Fallocate => Fits(Argument<FuseFallocateIn>().Offset, Argument<FuseFallocateIn>().Length),
            FuseOpcode.CopyFileRange or FuseOpcode.CopyFileRange64 => FitsCopy(Argument<FuseCopyFileRangeIn>()),
            _ => true,
        };
        return fits ? Errno.None : Errno.EINVAL;
    }

    private static bool FitsCopy(in FuseCopyFileRangeIn copy) =>
        Fits(copy.InOffset, copy.Length) && Fits(copy.OutOffset, copy.Length);

    private static bool Fits(ulong offset, ulong length) =>
        offset <= long.MaxValue && length <= long.MaxValue - offset;
}
