using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock check IMAGE</c>: looks at everything and writes nothing.</summary>
internal static class CheckCommand
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "the image; it must not be mounted" };
        var quick = new Option<bool>("--quick")
        {
            Description = "leave the data of files out: only names, attributes and the use of blocks are checked",
            Arity = ArgumentArity.Zero,
        };
        var json = new Option<bool>("--json") { Description = "print the report as JSON", Arity = ArgumentArity.Zero };
        var command = new Command("check", "Checks an image: every checksum, reference and count. An image that was not closed is checked as it will be once its log is replayed.")
        {
            image, quick, json,
        };
        command.SetAction(parsed => CommandRun.Guard(() =>
            Run(Path.GetFullPath(parsed.GetRequiredValue(image)), !parsed.GetValue(quick), parsed.GetValue(json))));
        return command;
    }

    private static ExitCode Run(string image, bool verifiesData, bool printsJson)
    {
        using FileDevice device = FileDevice.Open(image, new FileDeviceOptions { IsReadOnly = true });
        CheckReport report = CheckVisibly(device, new CheckOptions { VerifiesData = verifiesData, ReplaysLog = true });
        if (printsJson)
        {
            Console.WriteLine(ToJson(image, report));
        }
        else
        {
            Print(image, report);
        }

        return report.IsClean ? ExitCode.Success : ExitCode.Damaged;
    }

    /// <summary>Checks, with a bar for whoever watches.</summary>
    private static CheckReport CheckVisibly(FileDevice device, CheckOptions options)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive)
        {
            return VolumeChecker.Check(device, options);
        }

        // The bar hides the cursor, and a signal must not leave it so.
        using var interruption = new Interruption();
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("checking");
                CheckReport report = VolumeChecker.Check(device, options with
                {
                    Progress = (done, total) =>
                    {
                        interruption.ThrowIfRaised();
                        (task.MaxValue, task.Value) = (Math.Max(total, 1), done);
                    },
                });
                task.Value = task.MaxValue;
                return report;
            });
    }

    private static void Print(string image, CheckReport report)
    {
        foreach (VolumeFinding finding in report.Findings)
        {
            Console.WriteLine(finding);
        }

        if (report.MoreCount > 0)
        {
            Console.WriteLine($"... and {report.MoreCount} more");
        }

        string log = report.ReplayCount == 0 ? "closed" : $"not closed: {report.ReplayCount} batches of the log are replayed at the next mount";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{image}: {log}; {report.InodeCount} inodes, {report.NameCount} names, {report.OrphanCount} orphans, {report.NodeCount} nodes, {report.DataBlockCount} blocks of data, {report.VerifiedBlockCount} of them read"));
        Console.WriteLine(report.IsClean ? "clean" : $"{report.Findings.Count + report.MoreCount} findings");
    }

    private static string ToJson(string image, CheckReport report) => JsonSerializer.Serialize(
        new
        {
            image,
            isClean = report.IsClean,
            findings = report.Findings.Select(finding => new { kind = $"{finding.Kind}", text = finding.Text, inode = finding.Inode.Value }),
            moreFindings = report.MoreCount,
            generation = report.Generation,
            batchesToReplay = report.ReplayCount,
            inodes = report.InodeCount,
            names = report.NameCount,
            orphans = report.OrphanCount,
            nodes = report.NodeCount,
            dataBlocks = report.DataBlockCount,
            verifiedDataBlocks = report.VerifiedBlockCount,
        },
        _indented);
}
