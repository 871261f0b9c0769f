using System.CommandLine;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock cat IMAGE PATH...</c>.</summary>
internal static class CatCommand
{
    private const int BufferBytes = 1 << 20;

    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "the image; it must not be mounted for writing" };
        var paths = new Argument<string[]>("PATH") { Description = "files, from the image's root; links are followed", Arity = ArgumentArity.OneOrMore };
        var command = new TaughtCommand("cat", "Writes files of an image that is not mounted to standard output.", """
            Example:
              vfsblock cat disk.img /etc/fstab
            """)
        {
            image, paths,
        };
        command.SetAction(parsed => CommandRun.Guard(() => Run(parsed.GetRequiredValue(image), parsed.GetRequiredValue(paths))));
        return command;
    }

    private static ExitCode Run(string image, string[] paths)
    {
        using Volume volume = ImageFile.OpenForReading(image);
        using Stream output = StandardStreams.OpenOutput();
        ExitCode code = ExitCode.Success;
        foreach (string path in paths)
        {
            Errno error = VolumePaths.Find(volume, ByteText.Encode(path), follows: true, out InodeEntry entry);
            error = error == Errno.None ? Copy(volume, entry.Number, output) : error;
            if (error != Errno.None)
            {
                output.Flush();
                code = Complaint.Print($"{Complaint.Show(image)}: {Complaint.Show(path)}: {ErrnoText.Describe(error)}", ExitCode.Failed);
            }
        }

        output.Flush();
        return code;
    }

    private static Errno Copy(Volume volume, InodeNumber inode, Stream output)
    {
        byte[] buffer = new byte[BufferBytes];
        ulong offset = 0;
        IoResult result;
        while ((result = volume.Read(inode, offset, buffer)).Bytes > 0)
        {
            output.Write(buffer.AsSpan(0, (int)result.Bytes));
            offset += (ulong)result.Bytes;
        }

        return result.Error;
    }
}
