using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace VfsBlock.Bench;

/// <summary>The <c>interop</c> command: our calls beside the bare system call and what .NET has.</summary>
internal static class InteropCommand
{
    private static readonly Option<string[]> _filter = new("--filter")
    {
        Description = "Which benchmarks, such as *Mapped*.",
        DefaultValueFactory = _ => ["*"],
    };

    private static readonly Option<string?> _out = new("--out") { Description = "Write the result to this file as well." };

    public static Command Create()
    {
        var command = new Command("interop", "Our calls beside the bare system call and what .NET has (BenchmarkDotNet).")
        {
            _filter, _out,
        };
        command.SetAction(result => Run(
            result.GetValue(_filter)!,
            result.GetValue(_out),
            result.Tokens.Select(token => token.Value)));
        return command;
    }

    private static int Run(string[] filter, string? file, IEnumerable<string> arguments)
    {
        var report = new Report("Calls of VfsBlock.Interop beside the bare system call", arguments);
        Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(InteropCommand).Assembly)
            .Run(["--filter", .. filter], Configuration())];
        if (summaries.Length == 0 || summaries.Any(summary => summary.HasCriticalValidationErrors))
        {
            throw new BenchException($"no benchmark ran for --filter {string.Join(' ', filter)}; its message is above");
        }

        foreach (Summary summary in summaries.OrderBy(summary => summary.Title, StringComparer.Ordinal))
        {
            report.AddTable(summary.BenchmarksCases[0].Descriptor.Type.Name, Tabulate(summary));
        }

        report.Finish(file);
        return 0;
    }

    private static ManualConfig Configuration() => ManualConfig.CreateEmpty()
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
        // In this process: a generated project would inherit the repository's warnings as errors.
        // Many short iterations: a disturbance then spoils one of them instead of a tenth of the whole.
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(250))
            .WithWarmupCount(4)
            .WithIterationCount(15));

    private static string Tabulate(Summary summary)
    {
        var text = new AccumulationLogger();
        MarkdownExporter.GitHub.ExportToLog(summary, text);
        // The exporter starts with the machine, which the report has told already.
        return string.Join('\n', text.GetLog().Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('|')));
    }
}
