using System.CommandLine;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock unmount DIR</c>.</summary>
internal static class UnmountCommand
{
    // The type that our mounts show in /proc/self/mountinfo: nobody else's are touched.
    public const string MountType = $"fuse.{ServerOptions.Subtype}";

    private const int LockPollMs = 10;
    private const int NoticeAfterMs = 3000;

    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "where it is mounted" };
        var lazy = new Option<bool>("--lazy")
        {
            Description = "take it out of sight now, and end it when nobody uses it any more",
            Arity = ArgumentArity.Zero,
        };
        var command = new Command("unmount", "Unmounts what 'vfsblock mount' mounted.") { directory, lazy };
        command.SetAction(parsed => (int)Run(parsed.GetRequiredValue(directory), parsed.GetValue(lazy)));
        return command;
    }

    /// <summary>Returns when the server has closed the image: everything is durable then, and it can be mounted again.</summary>
    private static ExitCode WaitForClosing(string image)
    {
        long start = Environment.TickCount64;
        bool hasTold = false;
        while (IsInUse(image))
        {
            if (!hasTold && Environment.TickCount64 - start > NoticeAfterMs)
            {
                hasTold = true;
                Complaint.Print($"{image} is being written to the end ...", ExitCode.Success);
            }

            Thread.Sleep(LockPollMs);
        }

        return ExitCode.Success;
    }

    // Whoever serves an image has it locked until it is closed.
    private static bool IsInUse(string image)
    {
        using HostFile? file = HostFile.TryOpen(image, OpenFlags.ReadOnly, 0, out _);
        return file is not null && file.TryLock(isExclusive: false) == Errno.EBUSY;
    }

    private static ExitCode Run(string directory, bool lazy)
    {
        Errno resolved = MountPoint.Resolve(directory, out string path);
        if (resolved != Errno.None)
        {
            return Complaint.Print($"{path}: {ErrnoText.Describe(resolved)}", ExitCode.NotMounted);
        }

        if (MountTable.Find(path) is not { } entry)
        {
            return Complaint.Print($"nothing is mounted on {path}", ExitCode.NotMounted);
        }

        if (entry.Type != MountType)
        {
            return Complaint.Print($"{entry.Source} (type {entry.Type}) is mounted on {path}, and it is not ours", ExitCode.NotMounted);
        }

        Errno error = MountPoint.Unmount(path, lazy, out string detail);
        return error switch
        {
            Errno.None => lazy ? ExitCode.Success : WaitForClosing(entry.Source),
            Errno.EBUSY => Complaint.Print(
                $"{path} is in use; close what is open in it (fuser -m {path} tells who), or unmount it with --lazy", ExitCode.Busy),
            _ => Complaint.Print($"cannot unmount {path}: {ErrnoText.Describe(error)} {detail}".TrimEnd(), ExitCode.Failed),
        };
    }
}
