using System.CommandLine;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock cp SOURCE... DEST</c>.</summary>
internal static class CpCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "sources, and the destination last; IMAGE:/PATH is in an image, anything else on the host",
            Arity = new ArgumentArity(2, ArgumentArity.OneOrMore.MaximumNumberOfValues),
        };
        var recursive = new Option<bool>("--recursive", "-r", "-R") { Description = "copy directories, with all that is in them", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "no progress and no closing line", Arity = ArgumentArity.Zero };
        var command = new TaughtCommand("cp", "Copies files into an image that is not mounted, or out of one.", """
            As with cp -a, attributes and holes are kept, and links are copied as links. Into a directory that is there a copy goes by its own name.
            A path with ':/' in it is one in the image that is named before it.

            Examples:
              vfsblock cp disk.img:/etc/fstab .
              vfsblock cp -r ~/photos notes.txt disk.img:/
            """)
        {
            paths, recursive, quiet,
        };
        command.SetAction(parsed => CommandRun.Guard(() => Run(parsed.GetRequiredValue(paths), parsed.GetValue(recursive), parsed.GetValue(quiet))));
        return command;
    }

    private static ExitCode Run(string[] paths, bool isRecursive, bool isQuiet)
    {
        ImageAddress[] addresses = [.. paths.Select(ImageAddress.Parse)];
        ImageAddress destination = addresses[^1];
        ImageAddress[] sources = addresses[..^1];
        bool isInward = destination.Image is not null;
        if (isInward ? sources.Any(source => source.Image is not null) : sources.Any(source => source.Image is null || source.Image != sources[0].Image))
        {
            throw new ToolException(
                "either the destination is in an image (IMAGE:/PATH) and the sources are not, or all sources are in one image and the destination is not", ExitCode.Usage);
        }

        string image = destination.Image ?? sources[0].Image!;
        using Volume volume = isInward ? ImageFile.OpenForWriting(image) : ImageFile.OpenForReading(image);
        ExitCode code = TransferRun.Run(isQuiet, () => 0, (report, interruption) =>
        {
            var copy = new DataCopy(report, interruption);
            if (isInward)
            {
                CopyIn(volume, destination, sources, isRecursive, report, copy, interruption);
            }
            else
            {
                CopyOut(volume, destination, sources, isRecursive, report, copy, interruption);
            }
        });
        if (isInward)
        {
            VolumeTarget.Commit(volume, image);
        }

        return code;
    }

    private static void CopyIn(
        Volume volume, ImageAddress destination, ImageAddress[] sources, bool isRecursive, TransferReport report, DataCopy copy, Interruption interruption)
    {
        byte[] path = ByteText.Encode(destination.Path);
        bool isDirectory = VolumePaths.Find(volume, path, follows: true, out InodeEntry top) == Errno.None && top.Attributes.IsDirectory;
        DemandDirectory(isDirectory, destination, sources.Length);
        ReadOnlySpan<byte> trimmed = path.AsSpan().TrimEnd((byte)'/');
        byte[] newName = BytePath.NameOf(trimmed).ToArray();
        InodeNumber into = isDirectory ? top.Number
            : VolumePaths.Demand(volume, destination.Image!, ByteText.Decode([.. BytePath.DirectoryOf(trimmed), (byte)'/']), follows: true).Number;
        var sink = new VolumeSink(volume, into, report, copy);
        foreach (ImageAddress source in sources)
        {
            byte[] from = ByteText.Encode(source.Path);
            DemandRecursive(Directory.Exists(source.Path) && new FileInfo(source.Path.TrimEnd('/')).LinkTarget is null, isRecursive, source);
            byte[] name = isDirectory ? NameOf(from, source) : newName;
            TreeTransfer.Run(new HostSource(from, name, report) { Excluded = VolumeTarget.IdentityOf(destination.Image!) }, sink, report, interruption);
        }
    }

    private static void CopyOut(
        Volume volume, ImageAddress destination, ImageAddress[] sources, bool isRecursive, TransferReport report, DataCopy copy, Interruption interruption)
    {
        byte[] path = ByteText.Encode(destination.Path);
        HostDirectory? into = HostDirectory.TryOpen(path, out Errno error);
        bool isDirectory = into is not null;
        DemandDirectory(isDirectory, destination, sources.Length);
        byte[] trimmed = path.AsSpan().TrimEnd((byte)'/').ToArray();
        into ??= HostDirectory.TryOpen(trimmed.AsSpan().Contains((byte)'/') ? [.. BytePath.DirectoryOf(trimmed), (byte)'/'] : "."u8, out error);
        using var sink = new HostSink(
            into ?? throw new ToolException($"cannot use '{Complaint.Show(destination.Path)}': {ErrnoText.Describe(error)}", ExitCode.Failed), report, copy);
        foreach (ImageAddress source in sources)
        {
            InodeEntry top = VolumePaths.Demand(volume, source.Image!, source.Path, follows: false);
            DemandRecursive(top.Attributes.IsDirectory, isRecursive, source);
            byte[] name = isDirectory ? NameOf(ByteText.Encode(source.Path), source) : BytePath.NameOf(trimmed).ToArray();
            TreeTransfer.Run(new VolumeSource(volume, top, name, report), sink, report, interruption);
        }
    }

    // A whole image goes into a directory as what is in it.
    private static byte[] NameOf(ReadOnlySpan<byte> path, ImageAddress source)
    {
        byte[] name = BytePath.NameOf(path.TrimEnd((byte)'/')).ToArray();
        return name.AsSpan() is [(byte)'.'] or [(byte)'.', (byte)'.']
            ? throw new ToolException($"{Complaint.Show(source.Path)} gives no name for the copy; name the destination", ExitCode.Usage)
            : name;
    }

    private static void DemandDirectory(bool isDirectory, ImageAddress destination, int sourceCount)
    {
        if (!isDirectory && (sourceCount > 1 || destination.Path.EndsWith('/')))
        {
            throw new ToolException($"{Complaint.Show(destination.Path)} is no directory", ExitCode.Failed);
        }
    }

    private static void DemandRecursive(bool isDirectory, bool isRecursive, ImageAddress source)
    {
        if (isDirectory && !isRecursive)
        {
            throw new ToolException($"{Complaint.Show(source.Path)} is a directory; -r copies it", ExitCode.Usage);
        }
    }
}
