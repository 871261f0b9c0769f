using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>The <c>vfsblock</c> command: its answers, and how its mounts end.</summary>
public sealed class ToolTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [MountedFact]
    public void Mount_InTheBackground_AnswersUntilItIsUnmounted()
    {
        using var directory = new TempDirectory();
        using var logs = new TempDirectory();
        string image = ToolMount.Format(logs.File("image"));
        string log = logs.File("log");
        string output = Shell.Run(ToolMount.Program, "mount", image, directory.Path, "--log", log);
        try
        {
            Assert.Contains(log, output, StringComparison.Ordinal);
            Assert.Equal(("fuse.vfsblock", image), MountTable.Find(directory.Path) is { } entry ? (entry.Type, entry.Source) : default);
            Posix.Create(directory.File("f"), 1, 2);
            Assert.Equal<byte>([1, 2], Posix.ReadAll(directory.File("f")));
            ProgramRun same = Shell.TryRun(ToolMount.Program, "mount", image, directory.Path, "--log", logs.File("second"));
            Assert.Equal(7, same.ExitCode);
            Assert.Contains("Another process or mount has it", same.Errors, StringComparison.Ordinal);
            string other = ToolMount.Format(logs.File("other"));
            Assert.Equal(4, Shell.TryRun(ToolMount.Program, "mount", other, directory.Path, "--log", logs.File("third")).ExitCode);
        }
        finally
        {
            ToolMount.Unmount(directory.Path);
        }

        Assert.Null(MountTable.Find(directory.Path));
        Assert.Equal(6, Shell.TryRun(ToolMount.Program, "unmount", directory.Path).ExitCode);
        Assert.True(
            SpinWait.SpinUntil(() => File.ReadAllText(log).Contains("unmounted ", StringComparison.Ordinal), _patience),
            "the server has not ended");
    }

    [MountedFact]
    public void Mount_AfterAnUnmount_HasWhatWasThere()
    {
        using var directory = new TempDirectory();
        using var logs = new TempDirectory();
        string image = ToolMount.Format(logs.File("image"));
        for (int round = 0; round < 3; round++)
        {
            // Unmounting returns when the image is closed, so that it can be mounted again at once.
            Shell.Run(ToolMount.Program, "mount", image, directory.Path, "--log", logs.File("log"));
            try
            {
                Assert.Equal(round, Posix.List(directory.Path).Count);
                Posix.Create(directory.File($"f{round}"), (byte)round);
                Assert.Equal<byte>([0], Posix.ReadAll(directory.File("f0")));
            }
            finally
            {
                ToolMount.Unmount(directory.Path);
            }
        }
    }

    [MountedFact]
    public void Mount_OfWhatIsNoImage_SaysWhy()
    {
        using var directory = new TempDirectory();
        using var logs = new TempDirectory();
        File.WriteAllText(logs.File("text"), new string('x', 100_000));
        ProgramRun text = Shell.TryRun(ToolMount.Program, "mount", logs.File("text"), directory.Path, "--log", logs.File("log"));
        Assert.Equal(7, text.ExitCode);
        Assert.Contains(logs.File("text"), text.Errors, StringComparison.Ordinal);
        ProgramRun absent = Shell.TryRun(ToolMount.Program, "mount", logs.File("absent"), directory.Path, "--log", logs.File("log"));
        Assert.Equal(7, absent.ExitCode);
        Assert.False(File.Exists(logs.File("absent")));
        Assert.Equal(7, Shell.TryRun(ToolMount.Program, "format", logs.File("text")).ExitCode);
        Assert.Null(MountTable.Find(directory.Path));
    }

    [MountedFact]
    public void Check_OfImagesSoundAndDamaged_SaysWhich()
    {
        using var images = new TempDirectory();
        string image = ToolMount.Format(images.File("image"));
        Assert.EndsWith("clean\n", Shell.Run(ToolMount.Program, "check", image), StringComparison.Ordinal);
        Assert.Contains("\"isClean\": true", Shell.Run(ToolMount.Program, "check", "--json", "--quick", image), StringComparison.Ordinal);
        using (FileStream file = File.OpenWrite(image))
        {
            // Superblock and roots lie before that: it is an image still.
            file.Position = 1 << 20;
            file.Write(new byte[file.Length - file.Position]);
        }

        ProgramRun damaged = Shell.TryRun(ToolMount.Program, "check", image);
        Assert.Equal(8, damaged.ExitCode);
        Assert.DoesNotContain("clean", damaged.Output, StringComparison.Ordinal);
        Assert.Equal(7, Shell.TryRun(ToolMount.Program, "check", images.File("absent")).ExitCode);
    }

    [MountedFact]
    public void Mount_ReadOnly_ChangesNothing()
    {
        using var directory = new TempDirectory();
        using var logs = new TempDirectory();
        string image = ToolMount.Format(logs.File("image"));
        byte[] before = File.ReadAllBytes(image);
        Shell.Run(ToolMount.Program, "mount", "-o", "ro", image, directory.Path, "--log", logs.File("log"));
        try
        {
            Posix.Fails(Errno.EROFS, Syscall.mkdir(directory.File("d"), Posix.PublicDirectory));
            Assert.Empty(Posix.List(directory.Path));
        }
        finally
        {
            ToolMount.Unmount(directory.Path);
        }

        Assert.Equal(before, File.ReadAllBytes(image));
    }

    [MountedFact]
    public void Mount_OnWhatCannotBeMountedOn_SaysWhy()
    {
        using var directory = new TempDirectory();
        using var logs = new TempDirectory();
        string image = ToolMount.Format(logs.File("image"));
        File.WriteAllText(directory.File("file"), "");
        ProgramRun absent = Shell.TryRun(ToolMount.Program, "mount", image, directory.File("absent"), "--log", logs.File("log"));
        Assert.Equal(4, absent.ExitCode);
        Assert.Contains("no such directory", absent.Errors, StringComparison.Ordinal);
        ProgramRun file = Shell.TryRun(ToolMount.Program, "mount", image, directory.File("file"), "--log", logs.File("log"));
        Assert.Equal(4, file.ExitCode);
        Assert.Contains("not a directory", file.Errors, StringComparison.Ordinal);
    }

    /// <summary>Also where the directory has the name of something that a switch might take for its value.</summary>
    [MountedFact]
    public void Mount_DirectoryBehindASwitch_IsTheDirectory()
    {
        using var logs = new TempDirectory();
        string image = ToolMount.Format(logs.File("image"));
        foreach (string name in new[] { "/no/such/directory", "false" })
        {
            foreach (string option in new[] { "--trace", "--foreground", "-f" })
            {
                ProgramRun run = Shell.TryRun(ToolMount.Program, "mount", image, "--log", logs.File("log"), option, name);
                Assert.Equal(4, run.ExitCode);
                Assert.Contains(name, run.Errors, StringComparison.Ordinal);
                Assert.Contains("no such directory", run.Errors, StringComparison.Ordinal);
            }
        }
    }

    [MountedFact]
    public void Mount_OnAFullDirectory_SaysSoToWhoeverMounts()
    {
        using var directory = new TempDirectory();
        using var logs = new TempDirectory();
        string image = ToolMount.Format(logs.File("image"));
        File.WriteAllText(directory.File("file"), "");
        ProgramRun run = Shell.TryRun(ToolMount.Program, "mount", image, directory.Path, "--log", logs.File("log"));
        ToolMount.Unmount(directory.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("is not empty", run.Errors, StringComparison.Ordinal);
    }

    [MountedFact]
    public void Mount_PathThroughALink_LeadsWhereTheKernelGoes()
    {
        using var directory = new TempDirectory();
        using var logs = new TempDirectory();
        string image = ToolMount.Format(logs.File("image"));
        string behind = directory.File("real/behind");
        Directory.CreateDirectory(behind);
        Directory.CreateDirectory(directory.File("real/inner"));
        Directory.CreateDirectory(directory.File("behind"));
        File.CreateSymbolicLink(directory.File("link"), directory.File("real/inner"));
        string path = $"{directory.Path}/link/../behind";
        Shell.Run(ToolMount.Program, "mount", image, path, "--log", logs.File("log"));
        bool isMounted = MountTable.Find(behind) is not null;
        ToolMount.Unmount(path);
        Assert.True(isMounted);
        Assert.Null(MountTable.Find(behind));
    }

    [MountedFact]
    public void Mount_LongPathAndNoLogNamed_FindsANameForTheLog()
    {
        using var directory = new TempDirectory();
        using var state = new TempDirectory();
        string image = ToolMount.Format(state.File("image"));
        string path = Path.Combine(directory.Path, new string('ä', 120), new string('b', 200));
        Directory.CreateDirectory(path);
        Shell.Run("env", $"XDG_STATE_HOME={state.Path}", ToolMount.Program, "mount", image, path);
        ToolMount.Unmount(path);
        Assert.Single(Directory.GetFiles(state.File("vfsblock")));
    }

    [MountedFact]
    public void Unmount_MountedWithASubtypeGiven_IsOursAllTheSame()
    {
        using var mount = new ToolMount("-o", "subtype=other");
        ToolMount.Unmount(mount.Root);
        Assert.Equal(0, mount.WaitForExit());
    }

    [MountedFact]
    public void CommandLine_ThatMakesNoSense_IsRefused()
    {
        using var directory = new TempDirectory();
        string image = directory.File("image");
        string[][] wrong =
        [
            [], ["mount"], ["mount", image], ["format", image, "--size", "much"],
            ["mount", image, directory.Path, "--no-such-option"], ["mount", image, directory.Path, "--threads", "-1"],
            ["mount", image, directory.Path, "-o", "no_such_option"], ["mount", image, directory.Path, "-o", "node_memory=much"],
        ];
        foreach (string[] arguments in wrong)
        {
            ProgramRun run = Shell.TryRun(ToolMount.Program, arguments);
            Assert.True(run.ExitCode == 2, $"'{string.Join(' ', arguments)}' ended with {run.ExitCode}");
        }

        Assert.Contains("no_such_option", Shell.TryRun(ToolMount.Program, "mount", image, directory.Path, "-o", "no_such_option").Errors, StringComparison.Ordinal);
        Assert.Null(MountTable.Find(directory.Path));
    }

    [MountedFact]
    public void Unmount_WhileBusy_RefusesUnlessLazy()
    {
        using var mount = new ToolMount();
        int file = Posix.Open(mount["f"], Posix.ReadWriteNew);
        ProgramRun busy = Shell.TryRun(ToolMount.Program, "unmount", mount.Root);
        Assert.Equal(5, busy.ExitCode);
        Assert.Contains("in use", busy.Errors, StringComparison.Ordinal);
        Posix.WriteAt(file, 0, [1]);
        Shell.Run(ToolMount.Program, "unmount", "--lazy", mount.Root);
        Assert.False(mount.IsMounted);
        Posix.WriteAt(file, 1, [2]);
        Assert.Equal<byte>([1, 2], Posix.ReadAt(file, 0, 10));
        Assert.False(mount.Server.HasExited);
        Posix.Close(file);
        Assert.Equal(0, mount.WaitForExit());
    }

    [MountedFact]
    public void Unmount_SomebodyElsesMount_LeavesItAlone()
    {
        ProgramRun run = Shell.TryRun(ToolMount.Program, "unmount", "/proc");
        Assert.Equal(6, run.ExitCode);
        Assert.Contains("not ours", run.Errors, StringComparison.Ordinal);
    }

    [MountedFact]
    public void Signal_ToTheServer_UnmountsAndEndsWell()
    {
        // A signal that was ignored from the start stays so, by convention: the server inherits it from us.
        foreach (Signum signal in new[] { Signum.SIGTERM, Signum.SIGINT, Signum.SIGHUP, Signum.SIGQUIT }.Where(signal => !IgnoredSignals.Contains((int)signal)))
        {
            using var mount = new ToolMount();
            Posix.Create(mount["f"], 1);
            Posix.Ok(Syscall.kill(mount.Server.Id, signal));
            Assert.Equal(0, mount.WaitForExit());
            Assert.False(mount.IsMounted);
        }
    }

    [MountedFact]
    public void Kill_OfTheServer_FailsItsClientsAndTheNextMountCleansUp()
    {
        using var mount = new ToolMount();
        Posix.Create(mount["f"], 1);
        int file = Posix.Open(mount["f"], OpenFlags.O_RDWR);
        Posix.Ok(Syscall.fsync(file));

        // Stopped, it cannot answer the client that asks now.
        Posix.Ok(Syscall.kill(mount.Server.Id, Signum.SIGSTOP));
        Assert.True(SpinWait.SpinUntil(() => IsStopped(mount.Server.Id), _patience), "the server does not stop");
        Errno waiting = 0;
        var client = new Thread(() => waiting = Syscall.lstat(mount["unknown"], out _) == 0 ? 0 : Stdlib.GetLastError());
        client.Start();
        Posix.Ok(Syscall.kill(mount.Server.Id, Signum.SIGKILL));
        mount.WaitForExit();
        Assert.True(client.Join(_patience), "the client hangs");
        Assert.Contains(waiting, new[] { Errno.ECONNABORTED, Errno.ENOTCONN });
        Posix.Fails(Errno.ENOTCONN, Syscall.lstat(mount["f"], out _));
        Posix.Fails(Errno.ENOTCONN, Syscall.fsync(file));
        Syscall.close(file);
        Assert.True(mount.IsMounted);

        using var logs = new TempDirectory();
        Shell.Run(ToolMount.Program, "mount", mount.Image, mount.Root, "--log", logs.File("log"));
        try
        {
            Assert.Equal(["f"], Posix.List(mount.Root));
            Assert.Equal<byte>([1], Posix.ReadAll(mount["f"]));
            Assert.Single(MountTable.Read(), entry => entry.MountPoint == mount.Root);
        }
        finally
        {
            ToolMount.Unmount(mount.Root);
        }

        Assert.True(
            SpinWait.SpinUntil(() => File.ReadAllText(logs.File("log")).Contains("unmounted ", StringComparison.Ordinal), _patience),
            "the server has not ended");
    }

    [MountedFact]
    public void Trace_ToAFile_HasALineForARequest()
    {
        using var directory = new TempDirectory();
        using (var mount = new ToolMount("--trace-file", directory.File("trace")))
        {
            Posix.Create(mount["some-name"], 1);
        }

        Assert.Contains("some-name", File.ReadAllText(directory.File("trace")), StringComparison.Ordinal);
    }

    /// <summary>A signal that stops a process reaches each of its threads in its own time.</summary>
    private static bool IsStopped(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .All(thread => File.ReadLines($"{thread}/status").Any(line => line.StartsWith("State:\tT", StringComparison.Ordinal)));
}
