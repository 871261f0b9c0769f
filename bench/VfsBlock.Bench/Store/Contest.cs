using System.Globalization;
using Spectre.Console;

namespace VfsBlock.Bench;

/// <summary>Rates of several ways to do one thing, measured in turns: the ratio of each to the first is the result.</summary>
internal sealed class Contest(string heading, string unit)
{
    private readonly List<(string Title, Func<double> Run, List<double> Rates)> _entrants = [];

    public string Heading => heading;

    /// <summary>Adds one.</summary>
    /// <param name="title">How the table calls it.</param>
    /// <param name="run">Does it for a while and says how fast.</param>
    public void Add(string title, Func<double> run) => _entrants.Add((title, run, []));

    /// <summary>Runs a round to warm up and then those that count.</summary>
    public void Run(int roundCount, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"bench: {heading} ...");
        for (int round = -1; round < roundCount; round++)
        {
            foreach ((_, Func<double> run, List<double> rates) in _entrants)
            {
                cancellation.ThrowIfCancellationRequested();
                double rate = run();
                if (round >= 0)
                {
                    rates.Add(rate);
                }
            }
        }
    }

    public Table Tabulate()
    {
        Table table = new Table().AddColumn("who");
        table.AddColumn(new TableColumn(unit).RightAligned()).AddColumn(new TableColumn("ratio").RightAligned());
        double first = Spread.Of(_entrants[0].Rates).Median;
        foreach ((string title, _, List<double> rates) in _entrants)
        {
            Spread spread = Spread.Of(rates);
            table.AddRow(new Text(title), new Text(spread.ToString()), new Text((spread.Median / first).ToString("F2", CultureInfo.InvariantCulture)));
        }

        return table;
    }
}
