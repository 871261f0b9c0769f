using System.Globalization;
using Spectre.Console;

namespace VfsBlock.Bench;

/// <summary>
/// Fills a directory in every store and then does the same operations in each, in turns. A sample is a series of operations of one kind on files chosen at random.
/// </summary>
internal sealed class NamespaceRounds(IReadOnlyList<INamespace> stores, int fileCount, int roundCount, int operationCount)
{
    private const int Seed = 1;

    private readonly Dictionary<(INamespace, NamespaceOperation), List<Sample>> _samples = [];
    private readonly List<ulong> _live = [];
    private ulong _nextNumber;

    public int FileCount => fileCount;

    /// <summary>The numbers of the files that are there.</summary>
    public IReadOnlyList<ulong> Live => _live;

    public static IReadOnlyList<NamespaceOperation> Operations { get; } = Enum.GetValues<NamespaceOperation>();

    /// <summary>Fills every store.</summary>
    public void Fill(CancellationToken cancellation)
    {
        for (int index = 0; index < fileCount; index++)
        {
            _live.Add(_nextNumber++);
        }

        ulong[] numbers = [.. _live];
        foreach (INamespace store in stores)
        {
            cancellation.ThrowIfCancellationRequested();
            Take(store, NamespaceOperation.Fill, () =>
            {
                store.BeginFill();
                long count = CreateAll(store, numbers);
                store.EndFill();
                return count;
            });
        }
    }

    /// <summary>Runs one round that does not count, after which everything is in memory, and then those that do.</summary>
    public void Run(CancellationToken cancellation)
    {
        var random = new Random(Seed);
        for (int round = -1; round < roundCount; round++)
        {
            var plan = new NamespacePlan(_live, ref _nextNumber, operationCount, random);
            foreach (NamespaceOperation operation in Operations.Where(operation => operation != NamespaceOperation.Fill))
            {
                foreach (INamespace store in stores)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Take(store, operation, () => Do(store, operation, plan), counts: round >= 0);
                }
            }
        }
    }

    /// <summary>Microseconds an operation.</summary>
    public Spread Of(INamespace store, NamespaceOperation operation, Func<Sample, double> part) =>
        Spread.Of(_samples[(store, operation)].Select(part));

    /// <summary>A table of one part of the samples, beside those at fewer files.</summary>
    public Table Tabulate(NamespaceRounds fewer, IReadOnlyList<INamespace> fewerStores, Func<Sample, double> part)
    {
        Table table = new Table().AddColumn("store").AddColumn("operation");
        table.AddColumn(new TableColumn($"{fewer.FileCount:N0} files").RightAligned());
        table.AddColumn(new TableColumn($"{fileCount:N0} files").RightAligned());
        table.AddColumn(new TableColumn("ratio").RightAligned());
        table.AddColumn(new TableColumn("to VfsBlock").RightAligned());
        foreach (NamespaceOperation operation in Operations)
        {
            foreach ((INamespace store, INamespace fewerStore) in stores.Zip(fewerStores))
            {
                Spread few = fewer.Of(fewerStore, operation, part);
                Spread many = Of(store, operation, part);
                table.AddRow(
                    store.Title,
                    operation.ToString(),
                    few.ToPreciseString(),
                    many.ToPreciseString(),
                    Ratio(many.Median / few.Median),
                    Ratio(many.Median / Of(stores[0], operation, part).Median));
            }
        }

        return table;
    }

    private static string Ratio(double ratio) => ratio.ToString("F2", CultureInfo.InvariantCulture);

    private static long Do(INamespace store, NamespaceOperation operation, NamespacePlan plan) => operation switch
    {
        NamespaceOperation.Create => CreateAll(store, plan.Creates),
        NamespaceOperation.Lookup => LookupAll(store, plan.Lookups),
        NamespaceOperation.Rename => RenameAll(store, plan.OldNames, plan.NewNames),
        NamespaceOperation.Unlink => UnlinkAll(store, plan.Unlinks),
        _ => store.List(),
    };

    private static long CreateAll(INamespace store, ulong[] numbers)
    {
        Span<byte> buffer = stackalloc byte[FileNames.BufferBytes];
        foreach (ulong number in numbers)
        {
            store.Create(FileNames.Write(buffer, number));
        }

        return numbers.Length;
    }

    private static long LookupAll(INamespace store, ulong[] numbers)
    {
        Span<byte> buffer = stackalloc byte[FileNames.BufferBytes];
        foreach (ulong number in numbers)
        {
            store.Lookup(FileNames.Write(buffer, number));
        }

        return numbers.Length;
    }

    private static long RenameAll(INamespace store, ulong[] oldNumbers, ulong[] newNumbers)
    {
        Span<byte> oldBuffer = stackalloc byte[FileNames.BufferBytes];
        Span<byte> newBuffer = stackalloc byte[FileNames.BufferBytes];
        for (int index = 0; index < oldNumbers.Length; index++)
        {
            store.Rename(FileNames.Write(oldBuffer, oldNumbers[index]), FileNames.Write(newBuffer, newNumbers[index]));
        }

        return oldNumbers.Length;
    }

    private static long UnlinkAll(INamespace store, ulong[] numbers)
    {
        Span<byte> buffer = stackalloc byte[FileNames.BufferBytes];
        foreach (ulong number in numbers)
        {
            store.Unlink(FileNames.Write(buffer, number));
        }

        return numbers.Length;
    }

    private void Take(INamespace store, NamespaceOperation operation, Func<long> run, bool counts = true)
    {
        Sample sample = Sample.Take(run);
        if (!counts)
        {
            return;
        }

        if (!_samples.TryGetValue((store, operation), out List<Sample>? samples))
        {
            _samples[(store, operation)] = samples = [];
        }

        samples.Add(sample);
    }
}
