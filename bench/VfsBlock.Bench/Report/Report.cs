using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace VfsBlock.Bench;

/// <summary>
/// A result as Markdown: the machine, its load before and after, the commit and the command, then the tables. The screen
/// and the file get the same text.
/// </summary>
/// <remarks>Takes the load at construction, which lasts half a second, so make it before the first measurement.</remarks>
internal sealed partial class Report(string title, IEnumerable<string> arguments)
{
    /// <summary>If others use more of the CPUs than this, they take them away in every round.</summary>
    private const double QuietShare = 0.1;

    private readonly StringBuilder _body = new();
    private readonly DateTime _startedAt = DateTime.UtcNow;
    private readonly string _loadAtStart = Machine.LoadAverage;
    private readonly double _busyShare = Machine.MeasureBusyShare();

    /// <summary>Adds a paragraph.</summary>
    public void Add(string text) => _body.Append('\n').Append(text.Trim()).Append('\n');

    /// <summary>Adds a heading and a table under it.</summary>
    public void AddTable(string heading, Table table) => AddTable(heading, Render(table));

    /// <summary>Adds a heading and a table that is Markdown already.</summary>
    public void AddTable(string heading, string markdown)
    {
        Add($"## {heading}");
        Add(markdown);
    }

    /// <summary>Shows the report, and writes it to <paramref name="file"/> unless that is null.</summary>
    public void Finish(string? file)
    {
        string warning = _busyShare <= QuietShare ? "" : "\n**The machine was busy when this began:** trust no single figure, and few ratios.\n";
        string text = $"# {title}\n\n{Render(Facts())}\n{warning}{_body}";
        Console.Out.Write(text);
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllText(file, text);
            Console.Error.WriteLine($"bench: written to {file}");
        }
    }

    private Table Facts()
    {
        Table facts = new Table().AddColumns("what", "value");
        void Add(string what, string value) => facts.AddRow(new Text(what), new Text(value));
        Add("date", _startedAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        Add("CPU", $"{Environment.ProcessorCount} x {Machine.CpuModel}");
        Add("kernel", Machine.Kernel);
        Add(".NET", Machine.Runtime);
        Add("load average", $"{_loadAtStart} at the start (with the build of the bench), {Machine.LoadAverage} at the end");
        Add("others' share of the CPUs at the start", _busyShare.ToString("P0", CultureInfo.InvariantCulture));
        Add("commit", Machine.Commit);
        Add("command", $"`dotnet run -c Release --project bench/VfsBlock.Bench -- {string.Join(' ', arguments.Select(Quote))}`");
        return facts;
    }

    private static string Quote(string argument) => PlainArgument().IsMatch(argument) ? argument : $"'{argument}'";

    private static string Render(Table table)
    {
        using var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        // Wide enough that no cell is ever broken into two lines: that would be two rows in Markdown.
        console.Profile.Width = 400;
        console.Write(table.MarkdownBorder());
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    [GeneratedRegex(@"^[\w./=-]+$")]
    private static partial Regex PlainArgument();
}
