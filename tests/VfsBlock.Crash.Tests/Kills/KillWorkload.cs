using System.Globalization;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>
/// What one thread of a <see cref="KillWorker"/> does in a directory of its own, and what must come of it: the same in every process, by the seed. Operation 0 makes the directory.
/// </summary>
internal sealed class KillWorkload
{
    private readonly ModelVolume _model = new(TimeProvider.System, 0x1ED, VolumeActor.Owner);
    private readonly Dictionary<string, InodeNumber> _held = [];
    private readonly FuzzOperations _operations;

    public KillWorkload(int seed, int cycle, int thread)
    {
        _operations = new FuzzOperations(new Random(HashCode(seed, cycle, thread)));
        Directory = NameOf(cycle, thread);
    }

    /// <summary>The directory's name in the root.</summary>
    public string Directory { get; }

    /// <summary>What is in the directory now.</summary>
    public string Digest => TreeDigest.Of(_model);

    public static string NameOf(int cycle, int thread) => string.Create(CultureInfo.InvariantCulture, $"{cycle}-{thread}");

    /// <summary>The cycle that made a directory.</summary>
    public static int CycleOf(string directory) => int.Parse(directory.Split('-')[0], CultureInfo.InvariantCulture);

    /// <summary>The next operation; it depends on what was applied before.</summary>
    public Operation Next()
    {
        Operation operation;
        do
        {
            operation = _operations.Next(_model);
        }
        while (operation.Kind == OperationKind.Reopen);

        return operation;
    }

    /// <summary>Does it to the model.</summary>
    /// <param name="operation">What <see cref="Next"/> gave.</param>
    /// <param name="step">Called where a crash may cut it in two.</param>
    public Errno Apply(Operation operation, Action? step = null)
    {
        if (operation.IsPersistence)
        {
            return Errno.None;
        }

        Errno error = operation.Run(new ModelActor(_model, step), _held, inode => _model.Inodes[inode].Content.Bytes.Length);
        Forget(operation, error, _held);
        return error;
    }

    /// <summary>What was let go is not held under its word any more.</summary>
    public static void Forget(Operation operation, Errno error, Dictionary<string, InodeNumber> held)
    {
        if (operation.Kind == OperationKind.Release && error == Errno.None)
        {
            held.Remove(operation.Path);
        }
    }

    private static int HashCode(int seed, int cycle, int thread) => unchecked((seed * 31) + (cycle * 1009) + (thread * 100_003));
}
