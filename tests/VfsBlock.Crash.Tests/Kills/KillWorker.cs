using System.Globalization;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>
/// The process that <see cref="KillTests"/> kills: opens the image, works on it in several threads until it dies, and tells on its standard output what it does. What it was asked
/// stands in its arguments: image, seed, cycle, number of threads.
/// </summary>
internal sealed class KillWorker
{
    private const int KeptCycleCount = 2;

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Volume _volume;
    private readonly int _seed;
    private readonly int _cycle;

    private KillWorker(string image, int seed, int cycle)
    {
        _seed = seed;
        _cycle = cycle;
        Tell(new KillEvent(KillEventKind.Opening));
        _volume = Volume.Open(image, KillOptions.Of(seed, cycle));
        Tell(new KillEvent(KillEventKind.Ready));
    }

    public static int Main(string[] arguments)
    {
        if (arguments[0] == KillBlocks.Word)
        {
            return KillBlocks.Run(arguments[1]);
        }

        int[] numbers = [.. arguments[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        var worker = new KillWorker(arguments[0], numbers[0], numbers[1]);
        Thread[] threads = [.. Enumerable.Range(0, numbers[2]).Select(thread => new Thread(() => Guard(() => worker.Work(thread)))), new Thread(() => Guard(worker.RemoveOld))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return 0;
    }

    /// <summary>Whether the directory is one that this cycle may be removing.</summary>
    public static bool IsOld(string directory, int cycle) => KillWorkload.CycleOf(directory) < cycle - KeptCycleCount;

    // If the test is gone, the pipe is broken: that ends this process as well.
    private static void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception);
            Environment.Exit(1);
        }
    }

    private void Work(int thread)
    {
        var workload = new KillWorkload(_seed, _cycle, thread);
        Dictionary<string, InodeNumber> held = [];
        Tell(new KillEvent(KillEventKind.Begin, thread, 0));
        Demand(_volume.MakeDirectory(InodeNumber.Root, ModelVolume.Bytes(workload.Directory), 0x1ED, VolumeActor.Owner, out InodeEntry directory), workload.Directory);
        Tell(new KillEvent(KillEventKind.Done, thread, 0));
        for (int index = 1; ; index++)
        {
            Operation operation = workload.Next() with { Root = directory.Number };
            Tell(new KillEvent(operation.IsPersistence ? KillEventKind.SyncBegin : KillEventKind.Begin, thread, index));
            Errno actual = Do(operation, held);
            Errno right = workload.Apply(operation with { Root = InodeNumber.Root });
            Demand(actual == right ? Errno.None : actual, $"{workload.Directory}: {operation}, where the model answers {right},");
            Tell(new KillEvent(operation.IsPersistence ? KillEventKind.SyncDone : KillEventKind.Done, thread, index));
        }
    }

    private Errno Do(Operation operation, Dictionary<string, InodeNumber> held)
    {
        if (operation.IsPersistence)
        {
            return operation.Kind == OperationKind.Sync ? _volume.Sync() : _volume.Checkpoint();
        }

        Errno error = operation.Run(new VolumeActor(_volume), held, SizeOf);
        KillWorkload.Forget(operation, error, held);
        return error;
    }

    private int SizeOf(InodeNumber inode) => _volume.GetAttributes(inode, out InodeItem attributes) == Errno.None ? (int)attributes.SizeBytes : 0;

    // Beside the workload, so that a kill also comes in the middle of deletions.
    private void RemoveOld()
    {
        foreach (ListedEntry entry in VolumeListing.ReadAll(_volume, InodeNumber.Root).Skip(2).Where(entry => IsOld(entry.Name, _cycle)))
        {
            RemoveAll(InodeNumber.Root, entry);
        }
    }

    private void RemoveAll(InodeNumber directory, in ListedEntry entry)
    {
        if (entry.Type == InodeType.Directory)
        {
            foreach (ListedEntry child in VolumeListing.ReadAll(_volume, entry.Number).Skip(2))
            {
                RemoveAll(entry.Number, child);
            }

            Demand(_volume.RemoveDirectory(directory, ModelVolume.Bytes(entry.Name)), entry.Name);
        }
        else
        {
            Demand(_volume.Unlink(directory, ModelVolume.Bytes(entry.Name)), entry.Name);
        }
    }

    private void Tell(KillEvent what)
    {
        Span<byte> bytes = stackalloc byte[KillEvent.EncodedBytes];
        what.Write(bytes);
        _output.Write(bytes);
    }

    private static void Demand(Errno error, string what)
    {
        if (error != Errno.None)
        {
            throw new CrashFailedException($"{what} answers {error}");
        }
    }
}
