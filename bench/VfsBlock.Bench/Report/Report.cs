using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace VfsBlock.Bench;

/// <summary>
/// A result as Markdown: the machine, its load before and after, the commit and the command, then the tables. The screen
/// and the file get the same text.
/// </summary>
/// <remarks>Takes the load at construction, so make it before the first measurement.</remarks>
internal sealed partial class Report(string title, IEnumerable<string> arguments)
{
    /// <summary>Above this load average others take the CPUs away in every round; the build before it alone makes 0.5.</summary>
    private const double QuietLoad = 1;

    private readonly StringBuilder _body = new();
    private readonly DateTime _startedAt = DateTime.UtcNow;
    private readonly string _loadAtStart = Machine.LoadAverage;
    private readonly bool _isQuiet = Machine.LoadOfLastMinute <= QuietLoad;

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
        string warning = _isQuiet ? "" : "\n**The machine was busy when this began:** trust no single figure, and few ratios.\n";
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
        Add("load average", $"{_loadAtStart} at the start, {Machine.LoadAverage} at the end");
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
