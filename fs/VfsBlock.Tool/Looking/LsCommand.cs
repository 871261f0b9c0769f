using System.CommandLine;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock ls IMAGE [PATH]</c>.</summary>
internal static class LsCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "the image; it must not be mounted for writing" };
        var path = new Argument<string>("PATH") { Description = "what to list, from the image's root", DefaultValueFactory = _ => "/" };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "list what is in its directories too, each line with its path", Arity = ArgumentArity.Zero };
        var json = new Option<bool>("--json") { Description = "print a JSON array, one object for each entry; see vfsblock(1)", Arity = ArgumentArity.Zero };
        var command = new TaughtCommand("ls", "Lists a directory of an image that is not mounted.", """
            The columns are those of ls -la: mode, links, owner and group by number, size, time, name.

            Examples:
              vfsblock ls disk.img
              vfsblock ls disk.img /etc -R
            """)
        {
            image, path, recursive, json,
        };
        command.SetAction(parsed => CommandRun.Guard(() =>
            Run(parsed.GetRequiredValue(image), parsed.GetRequiredValue(path), parsed.GetValue(recursive), parsed.GetValue(json))));
        return command;
    }

    private static ExitCode Run(string image, string path, bool isRecursive, bool printsJson)
    {
        using Volume volume = ImageFile.OpenForReading(image);
        InodeEntry top = VolumePaths.Demand(volume, image, path, follows: false);
        using Stream output = StandardStreams.OpenOutput();
        using IListingPrinter printer = printsJson ? new JsonListing(volume, output) : new LongListing(volume, output);
        ExitCode code = ExitCode.Success;
        if (!top.Attributes.IsDirectory)
        {
            printer.Print(BytePath.NameOf(ByteText.Encode(path.TrimEnd('/'))), top);
            return code;
        }

        var waiting = new Stack<(byte[] Path, InodeNumber Directory)>();
        waiting.Push(([], top.Number));
        while (waiting.TryPop(out (byte[] Path, InodeNumber Directory) next))
        {
            Errno error = VolumeDirectory.List(volume, next.Directory, out List<(byte[] Name, InodeEntry Entry)> entries);
            if (error != Errno.None)
            {
                code = Complaint.Print($"cannot list all of {ByteText.Show(next.Path)}: {ErrnoText.Describe(error)}", ExitCode.Failed);
            }

            foreach ((byte[] name, InodeEntry entry) in entries)
            {
                printer.Print(BytePath.Join(next.Path, name), entry);
            }

            foreach ((byte[] name, InodeEntry entry) in isRecursive ? Enumerable.Reverse(entries) : [])
            {
                if (entry.Attributes.IsDirectory)
                {
                    waiting.Push((BytePath.Join(next.Path, name), entry.Number));
                }
            }
        }

        return code;
    }
}
