using System.CommandLine;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock export IMAGE TARGET</c>.</summary>
internal static class ExportCommand
{
    private const uint NewDirectoryPermissions = 0x1ED;

    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "the image; it must not be mounted for writing" };
        var target = new Argument<string>("TARGET") { Description = "a directory, made if it is not there; a file that ends in .tar; or - for tar on standard output" };
        var from = new Option<string>("--from") { Description = "the directory in the image that is taken", HelpName = "PATH", DefaultValueFactory = _ => "/" };
        var tar = new Option<bool>("--tar") { Description = "TARGET is a tar file, whatever its name", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "no progress and no closing line", Arity = ArgumentArity.Zero };
        var command = new TaughtCommand("export", "Copies what is in an image that is not mounted into a directory or a tar stream.", """
            Kept: what import keeps. An ordinary user cannot set other owners, make device nodes or set some attributes: that is told once, and
            everything else is done. Tar has no type for sockets: they are left out of streams. The image is only read.

            Examples:
              vfsblock export disk.img restored/
              vfsblock export disk.img - --from /etc | tar -x --xattrs -C /tmp/etc
            """)
        {
            image, target, from, tar, quiet,
        };
        command.SetAction(parsed => CommandRun.Guard(() =>
            Run(parsed.GetRequiredValue(image), parsed.GetRequiredValue(target), parsed.GetRequiredValue(from), parsed.GetValue(tar), parsed.GetValue(quiet))));
        return command;
    }

    private static ExitCode Run(string image, string target, string from, bool isTar, bool isQuiet)
    {
        using Volume volume = ImageFile.OpenForReading(image);
        InodeEntry top = VolumePaths.Demand(volume, image, from, follows: true);
        bool isStream = target == "-" || isTar || target.EndsWith(".tar", StringComparison.Ordinal);
        using Stream? stream = target == "-" ? StandardStreams.OpenOutput() : isStream ? new BufferedStream(File.Create(target), 1 << 20) : null;
        return TransferRun.Run(
            isQuiet,
            () => TreeSizes.OfVolume(volume, top),
            (report, interruption) =>
            {
                var copy = new DataCopy(report, interruption);
                var source = new VolumeSource(volume, top, [], report);
                if (stream is not null)
                {
                    TreeTransfer.Run(source, new TarSink(stream, report, copy), report, interruption);
                    return;
                }

                using var sink = new HostSink(OpenTarget(target), report, copy);
                TreeTransfer.Run(source, sink, report, interruption);
            });
    }

    private static HostDirectory OpenTarget(string target)
    {
        byte[] path = ByteText.Encode(target);
        HostDirectory? directory = HostDirectory.TryOpen(path, out Errno error);
        if (directory is null && error == Errno.ENOENT)
        {
            byte[] trimmed = path.AsSpan().TrimEnd((byte)'/').ToArray();
            using HostDirectory? parent = HostDirectory.TryOpen(trimmed.AsSpan().Contains((byte)'/') ? [.. BytePath.DirectoryOf(trimmed), (byte)'/'] : "."u8, out error);
            error = parent?.MakeDirectory(BytePath.NameOf(trimmed), NewDirectoryPermissions) ?? error;
            directory = error == Errno.None ? HostDirectory.TryOpen(path, out error) : null;
        }

        return directory ?? throw new ToolException($"cannot use directory '{Complaint.Show(target)}': {ErrnoText.Describe(error)}", ExitCode.Failed);
    }
}
