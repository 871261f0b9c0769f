using System.Globalization;
using System.Reflection;
using System.Text;

namespace VfsBlock.Fuse.Tests;

/// <summary>Puts what a reader found into one line: the argument's fields that are not 0, then names and data.</summary>
internal static class RequestText
{
    public static string Of(in FuseRequestReader request)
    {
        List<string> words = [.. FieldsOf(ArgumentOf(request))];
        Add(words, "Name", request.Name);
        Add(words, "SecondName", request.SecondName);
        Add(words, "Data", request.Data);
        if (request.Forgets.Length > 0)
        {
            string[] forgets = [.. request.Forgets.ToArray().Select(one => $"{one.NodeId}:{one.LookupCount}")];
            words.Add($"Forgets={string.Join(',', forgets)}");
        }

        return string.Join(' ', words);
    }

    private static object? ArgumentOf(in FuseRequestReader request) => request.Header.Opcode switch
    {
        FuseOpcode.Forget => request.Argument<FuseForgetIn>(),
        FuseOpcode.GetAttr => request.Argument<FuseGetAttrIn>(),
        FuseOpcode.SetAttr => request.Argument<FuseSetAttrIn>(),
        FuseOpcode.Mknod => request.Argument<FuseMknodIn>(),
        FuseOpcode.Mkdir => request.Argument<FuseMkdirIn>(),
        FuseOpcode.Rename => request.Argument<FuseRenameIn>(),
        FuseOpcode.Link => request.Argument<FuseLinkIn>(),
        FuseOpcode.Open or FuseOpcode.OpenDir => request.Argument<FuseOpenIn>(),
        FuseOpcode.Read or FuseOpcode.ReadDir or FuseOpcode.ReadDirPlus => request.Argument<FuseReadIn>(),
        FuseOpcode.Write => request.Argument<FuseWriteIn>(),
        FuseOpcode.Release or FuseOpcode.ReleaseDir => request.Argument<FuseReleaseIn>(),
        FuseOpcode.Fsync or FuseOpcode.FsyncDir => request.Argument<FuseFsyncIn>(),
        FuseOpcode.SetXattr => request.Argument<FuseSetXattrIn>(),
        FuseOpcode.GetXattr or FuseOpcode.ListXattr => request.Argument<FuseGetXattrIn>(),
        FuseOpcode.Flush => request.Argument<FuseFlushIn>(),
        FuseOpcode.Init => request.Argument<FuseInitIn>(),
        FuseOpcode.GetLock or FuseOpcode.SetLock or FuseOpcode.SetLockWait => request.Argument<FuseLockIn>(),
        FuseOpcode.Access => request.Argument<FuseAccessIn>(),
        FuseOpcode.Create or FuseOpcode.TmpFile => request.Argument<FuseCreateIn>(),
        FuseOpcode.Interrupt => request.Argument<FuseInterruptIn>(),
        FuseOpcode.Bmap => request.Argument<FuseBmapIn>(),
        FuseOpcode.Ioctl => request.Argument<FuseIoctlIn>(),
        FuseOpcode.Poll => request.Argument<FusePollIn>(),
        FuseOpcode.NotifyReply => request.Argument<FuseNotifyRetrieveIn>(),
        FuseOpcode.BatchForget => request.Argument<FuseBatchForgetIn>(),
        FuseOpcode.Fallocate => request.Argument<FuseFallocateIn>(),
        FuseOpcode.Rename2 => request.Argument<FuseRename2In>(),
        FuseOpcode.Lseek => request.Argument<FuseLseekIn>(),
        FuseOpcode.CopyFileRange or FuseOpcode.CopyFileRange64 => request.Argument<FuseCopyFileRangeIn>(),
        FuseOpcode.SetupMapping => request.Argument<FuseSetupMappingIn>(),
        FuseOpcode.RemoveMapping => request.Argument<FuseRemoveMappingIn>(),
        FuseOpcode.Statx => request.Argument<FuseStatxIn>(),
        FuseOpcode.CuseInit => request.Argument<CuseInitIn>(),
        _ => null,
    };

    private static IEnumerable<string> FieldsOf(object? argument)
    {
        foreach (FieldInfo field in argument?.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance) ?? [])
        {
            object value = field.GetValue(argument)!;
            if (value is FuseFileLock)
            {
                foreach (string word in FieldsOf(value))
                {
                    yield return word;
                }
            }
            else if (value is IConvertible && Convert.ToDecimal(value, CultureInfo.InvariantCulture) is var number and not 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{field.Name}={number}");
            }
        }
    }

    private static void Add(List<string> words, string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var text = new StringBuilder(name).Append('=');
        foreach (byte value in bytes)
        {
            _ = value is >= 0x20 and < 0x7f ? text.Append((char)value) : text.Append(CultureInfo.InvariantCulture, $"\\{value}");
        }

        words.Add(text.ToString());
    }
}
