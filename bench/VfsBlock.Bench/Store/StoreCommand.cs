using System.CommandLine;

namespace VfsBlock.Bench;

/// <summary>The <c>store</c> command: volumes through the library, beside SQLite as a file store, a plain directory and the bare disk.</summary>
internal static class StoreCommand
{
    private const int FewFiles = 10_000;
    private const int SqliteBatch = 1000;

    private static readonly Option<string> _directory = new("--dir")
    {
        Description = "A directory on the disk to measure.",
        DefaultValueFactory = _ => ".",
    };

    private static readonly Option<bool> _quick = new("--quick") { Description = "Fewer files, less data, fewer rounds: to see that it runs." };

    private static readonly Option<string?> _out = new("--out") { Description = "Write the result to this file as well." };

    public static Command Create()
    {
        var command = new Command("store", "Volumes through the library: names, data, durability; beside SQLite, a plain directory and the bare disk.")
        {
            _directory, _quick, _out,
        };
        command.SetAction(result => Run(
            result.GetValue(_directory)!,
            result.GetValue(_quick),
            result.GetValue(_out),
            result.Tokens.Select(token => token.Value)));
        return command;
    }

    private static int Run(string directory, bool isQuick, string? file, IEnumerable<string> arguments)
    {
        using var interruption = new Interruption();
        using var scratch = new StoreScratch(directory);
        var report = new Report("Volumes through the library", arguments);
        report.Add($"On {new DriveInfo(scratch.DirectoryPath).DriveFormat}. Cells: median (min..max) of the rounds; everybody takes a turn in each round.");
        AddNamespaces(report, scratch, isQuick, interruption.Token);
        using (var flushes = new FlushContests(scratch, TimeSpan.FromMilliseconds(isQuick ? 200 : 1000)))
        {
            flushes.Prepare();
            AddContests(report, [flushes.OneThread(), flushes.ManyThreads()], isQuick ? 1 : 4, interruption.Token);
        }

        using (var data = new DataContests(scratch, isQuick ? 64 << 20 : 512 << 20))
        {
            AddContests(report, data.All(), isQuick ? 1 : 3, interruption.Token);
        }

        report.Finish(file);
        return 0;
    }

    private static void AddContests(Report report, IEnumerable<Contest> contests, int roundCount, CancellationToken cancellation)
    {
        foreach (Contest contest in contests)
        {
            contest.Run(roundCount, cancellation);
            report.AddTable(contest.Heading, contest.Tabulate());
        }
    }

    private static void AddNamespaces(Report report, StoreScratch scratch, bool isQuick, CancellationToken cancellation)
    {
        int manyFiles = isQuick ? 10 * FewFiles : 100 * FewFiles;
        int roundCount = isQuick ? 3 : 11;
        string imagePath = scratch.PathOf("many.img");
        var figures = new VolumeFigures(scratch, imagePath);
        List<INamespace> fewStores = [];
        List<INamespace> manyStores = [];
        try
        {
            AddStores(fewStores, scratch, "few");
            AddStores(manyStores, scratch, "many");
            using var image = new RawFile(imagePath, isDirect: false);
            long emptyBytes = image.AllocatedBytes;
            var few = new NamespaceRounds(fewStores, FewFiles, roundCount, operationCount: FewFiles / 5);
            var many = new NamespaceRounds(manyStores, manyFiles, roundCount, operationCount: FewFiles);
            Console.Error.WriteLine("bench: filling directories ...");
            few.Fill(cancellation);
            many.Fill(cancellation);
            figures.AddMetadata(emptyBytes, manyFiles);
            Console.Error.WriteLine("bench: names ...");
            few.Run(cancellation);
            many.Run(cancellation);
            report.Add("Names: a directory of empty files. Fill: one create after another, with all checkpoints, until everything is in its place (SQLite: one transaction). The others: files at random, nodes in memory, 1 GiB for changed nodes; a checkpoint that falls into a sample shows in its range. A tree that is a logarithm deep costs log(10^6) / log(10^4) = 1.5 times as much at a hundred times the files.");
            foreach (SqliteNamespace database in manyStores.OfType<SqliteNamespace>().Take(1))
            {
                report.Add($"{database.Title}: {database.Settings}; prepared statements, one thread, no mutex. The table maps paths to content, WITHOUT ROWID, and has no attributes, where a volume keeps inodes and the directory's times. A transaction each outlives a crash of the process, which costs a write(2) each and which a volume promises from the next sync on only; {SqliteBatch} operations a transaction promise what a volume does.");
            }

            report.AddTable("Names: microseconds an operation", many.Tabulate(few, fewStores, sample => sample.Elapsed));
            report.AddTable("Names: microseconds of CPU in the calling thread", many.Tabulate(few, fewStores, sample => sample.Processor));

            Console.Error.WriteLine("bench: recovery and memory ...");
            var volume = (VolumeNamespace)manyStores[0];
            figures.AddRecovery(volume, many.Live);
            manyStores.RemoveAt(0);
            volume.Dispose();
            figures.AddMemory(many.Live);
            report.AddTable($"A volume of {manyFiles:N0} files", figures.Table);
        }
        finally
        {
            fewStores.ForEach(store => store.Dispose());
            manyStores.ForEach(store => store.Dispose());
        }
    }

    private static void AddStores(List<INamespace> stores, StoreScratch scratch, string name)
    {
        stores.Add(new VolumeNamespace(scratch.PathOf($"{name}.img")));
        stores.Add(new DirectoryNamespace(scratch.PathOf(name)));
        if (SqliteLibrary.IsThere)
        {
            stores.Add(new SqliteNamespace(scratch.PathOf($"{name}.sqlite")));
            stores.Add(new SqliteNamespace(scratch.PathOf($"{name}.batched.sqlite"), operationsPerTransaction: SqliteBatch));
        }
        else
        {
            Console.Error.WriteLine("bench: no SQLite to compare with (apt-get install -y libsqlite3-0)");
        }
    }
}
