using System.CommandLine;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock import IMAGE SOURCE</c>.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "the image; it must not be mounted" };
        var source = new Argument<string>("SOURCE") { Description = "a directory, a tar file (gzip too), or - for tar on standard input" };
        var to = new Option<string>("--to") { Description = "the directory in the image that it goes into; made if it is not there", HelpName = "PATH", DefaultValueFactory = _ => "/" };
        var create = new Option<bool>("--create") { Description = "make the image first if it is not there", Arity = ArgumentArity.Zero };
        var oneFileSystem = new Option<bool>("--one-file-system", "-x") { Description = "leave out what is mounted below the directory", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "no progress and no closing line", Arity = ArgumentArity.Zero };
        var command = new TaughtCommand("import", "Copies a directory or a tar stream into an image that is not mounted.", """
            No mount, no root and no /dev/fuse is needed.

            Kept: types, permissions, numeric owners, modification and access times in nanoseconds, hard links, symbolic links, device nodes,
            extended attributes and access control lists, holes. Not kept: change and birth times, chattr flags. What has a path already
            is replaced. Everything is durable when the command returns; if it is interrupted, the image is sound and holds a part.

            Examples:
              vfsblock import --create disk.img ~/project
              tar -c --xattrs --sparse . | vfsblock import disk.img - --to /backup
            """)
        {
            image, source, to, create, oneFileSystem, quiet,
        };
        command.SetAction(parsed => CommandRun.Guard(() =>
        {
            string path = parsed.GetRequiredValue(image);
            if (parsed.GetValue(create) && !File.Exists(path))
            {
                FormatCommand.Make(path);
            }

            return Run(path, parsed.GetRequiredValue(source), parsed.GetRequiredValue(to), parsed.GetValue(oneFileSystem), parsed.GetValue(quiet));
        }));
        return command;
    }

    private static ExitCode Run(string image, string source, string to, bool staysOnFileSystem, bool isQuiet)
    {
        byte[] path = ByteText.Encode(source);
        using HostDirectory? directory = source == "-" ? null : HostDirectory.TryOpen(path, out _);
        using Stream? stream = directory is null ? TarInput.Open(source) : null;
        using Volume volume = ImageFile.OpenForWriting(image);
        InodeNumber top = VolumeTarget.MakeDirectories(volume, to);
        ExitCode code = TransferRun.Run(
            isQuiet,
            () => stream is null ? TreeSizes.OfHost([.. path, .. "/"u8]) : stream.CanSeek ? stream.Length : 0,
            (report, interruption) =>
            {
                ITreeSource entries = stream is not null
                    ? new TarSource(stream, report)
                    : new HostSource([.. path, .. "/"u8], [], report) { Excluded = VolumeTarget.IdentityOf(image), StaysOnFileSystem = staysOnFileSystem };
                TreeTransfer.Run(entries, new VolumeSink(volume, top, report, new DataCopy(report, interruption)), report, interruption);
            });
        VolumeTarget.Commit(volume, image);
        return code;
    }
}
