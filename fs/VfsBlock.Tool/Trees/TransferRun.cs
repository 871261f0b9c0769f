using System.Globalization;
using Spectre.Console;

namespace VfsBlock.Tool;

/// <summary>One transfer as a command does it: with a bar for whoever watches, until it is done or interrupted.</summary>
internal static class TransferRun
{
    private const int RefreshMs = 100;

    /// <summary>Runs it, and tells what became of it.</summary>
    /// <param name="isQuiet">True for no bar and no closing line.</param>
    /// <param name="countTotal">How many bytes there are to copy, 0 if nobody knows; asked only if there is a bar.</param>
    /// <param name="work">The transfer.</param>
    public static ExitCode Run(bool isQuiet, Func<long> countTotal, Action<TransferReport, Interruption> work)
    {
        var report = new TransferReport();
        long startMs = Environment.TickCount64;
        using (var interruption = new Interruption())
        {
            try
            {
                Watch(isQuiet, countTotal, report, () => work(report, interruption));
            }
            catch
            {
                report.Conclude();
                throw;
            }
        }

        ExitCode code = report.Conclude();
        if (!isQuiet)
        {
            double seconds = Math.Max((Environment.TickCount64 - startMs) / 1000.0, 0.001);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.EntryCount} entries, {ByteCount.Show(report.ByteCount)} in {seconds:f1} s ({ByteCount.Show((long)(report.ByteCount / seconds))}/s)"));
        }

        return code;
    }

    private static void Watch(bool isQuiet, Func<long> countTotal, TransferReport report, Action work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (isQuiet || Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive)
        {
            work();
            return;
        }

        console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                long total = countTotal();
                ProgressTask task = context.AddTask("copying", maxValue: Math.Max(total, 1));
                task.IsIndeterminate = total == 0;
                using var timer = new Timer(_ => task.Value = total == 0 ? 0 : Math.Min(report.ByteCount, total), null, RefreshMs, RefreshMs);
                work();
            });
    }
}
