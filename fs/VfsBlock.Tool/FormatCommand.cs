using System.CommandLine;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock format IMAGE</c>.</summary>
internal static class FormatCommand
{
    private const int MaxLabelBytes = 64;

    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "the file to make; it must not exist" };
        var size = new Option<string?>("--size")
        {
            Description = "how large the image may become, as 10g; unless told, it grows as far as the disk below lets it. It starts small either way",
            HelpName = "BYTES[k|m|g|t]",
        };
        var label = new Option<string>("--label") { Description = $"a name for people, {MaxLabelBytes} bytes at most", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var log = new Option<string?>("--log-size")
        {
            Description = "the intent log, by default 32m: a larger one makes checkpoints rarer and opening after a crash longer",
            HelpName = "BYTES[k|m|g|t]",
        };
        Array.ForEach([size, log], option => option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !ByteCount.TryParse(text, out _))
            {
                result.AddError($"{option.Name} takes a number above 0 with an optional k, m, g or t behind it, not '{text}'");
            }
        }));
        var command = new Command("format", "Makes an empty image. It belongs to who makes it.") { image, size, label, log };
        command.SetAction(parsed => (int)Run(Path.GetFullPath(parsed.GetRequiredValue(image)), new VolumeFormat
        {
            Label = parsed.GetRequiredValue(label),
            SizeLimitBytes = parsed.GetValue(size) is { } limit && ByteCount.TryParse(limit, out long limitBytes) ? limitBytes : 0,
            LogBytes = parsed.GetValue(log) is { } text && ByteCount.TryParse(text, out long logBytes) ? (int)Math.Min(logBytes, 1 << 30) : new VolumeFormat().LogBytes,
            Owner = new Credentials(Mono.Unix.Native.Syscall.geteuid(), Mono.Unix.Native.Syscall.getegid()),
        }));
        return command;
    }

    /// <summary>Makes an image as the command does when it is told nothing else.</summary>
    /// <exception cref="StorageException">It cannot be made.</exception>
    public static void Make(string image) => Volume.Format(Path.GetFullPath(image), new VolumeFormat
    {
        Owner = new Credentials(Mono.Unix.Native.Syscall.geteuid(), Mono.Unix.Native.Syscall.getegid()),
    });

    private static ExitCode Run(string image, VolumeFormat format)
    {
        try
        {
            Volume.Format(image, format);
            Console.WriteLine($"formatted: {image}");
            return ExitCode.Success;
        }
        catch (StorageException exception)
        {
            return Complaint.Print(exception.Message, ExitCodes.For(exception.Kind));
        }
    }
}
