using System.CommandLine;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock info TARGET</c>.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("TARGET") { Description = "an image, mounted or not, or the directory where one is mounted" };
        var json = new Option<bool>("--json") { Description = "print a JSON object; see vfsblock(1) for its fields", Arity = ArgumentArity.Zero };
        var command = new TaughtCommand("info", "Tells what an image is: label, uuid, format, space, log, whether and where it is mounted.", """
            It writes nothing and needs nobody's leave: an image that is in use can be asked too.

            Examples:
              vfsblock info disk.img
              vfsblock info --json /mnt | jq .freeBytes
            """)
        {
            target, json,
        };
        command.SetAction(parsed => CommandRun.Guard(() =>
        {
            ImageInfo info = ImageInfo.Read(parsed.GetRequiredValue(target));
            Console.WriteLine(parsed.GetValue(json) ? info.ToJson() : info.ToText());
            return ExitCode.Success;
        }));
        return command;
    }
}
