using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>
/// Does operations to a volume on a simulated disk and to the model of it, and remembers what the model was after each; then <see cref="CheckImages"/> holds
/// every image of a power cut against that.
/// </summary>
internal sealed class CrashRun : IDisposable
{
    private readonly List<CrashState> _states = [];
    private readonly List<(int Position, int StateIndex)> _acknowledged = [(0, 0)];
    private readonly Dictionary<string, InodeNumber> _held = [];
    private readonly ManualClock _clock;
    private readonly SimDisk _disk;
    private readonly VolumeOptions _options;

    /// <summary>Opens a volume.</summary>
    /// <param name="disk">Where it lies.</param>
    /// <param name="model">What is in it.</param>
    /// <param name="clock">The clock of both.</param>
    /// <param name="options">How it is opened, but for the clock.</param>
    /// <param name="wrap">What stands between the volume and the disk.</param>
    public CrashRun(SimDisk disk, ModelVolume model, ManualClock clock, VolumeOptions options, Func<SimDisk, IBlockDevice>? wrap = null)
    {
        _disk = disk;
        _clock = clock;
        _options = options with { Clock = clock };
        Model = model;
        Volume = Volume.Open(new LentDevice(wrap?.Invoke(disk) ?? disk), _options);
        disk.Settle();
        if (Volume.DeleteOrphans() is not Errno.None and var error)
        {
            throw new CrashFailedException($"what was deleted before the crash cannot be deleted after it: {error}");
        }

        Model.NextInode = Volume.Core.NextInode;
        Remember("open", 0);
    }

    public Volume Volume { get; }

    public ModelVolume Model { get; }

    /// <summary>Errors of the device or of space that operations may answer; then nothing was done.</summary>
    public HashSet<Errno> Refusals { get; } = [];

    /// <summary>How many operations were refused.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>Everything that was done, so that it can be done again.</summary>
    public List<Operation> Done { get; } = [];

    /// <summary>One operation.</summary>
    /// <exception cref="CrashFailedException">Volume and model answer differently.</exception>
    public Errno Apply(Operation operation)
    {
        Done.Add(operation);
        if (operation.IsPersistence)
        {
            return Persist(operation);
        }

        _clock.Advance();
        int position = _disk.Position;
        Func<InodeNumber, int> size = inode => Model.Inodes.TryGetValue(inode, out ModelInode? found) ? found.Content.Bytes.Length : 0;
        if (operation.Kind == OperationKind.Release && !_held.ContainsKey(operation.Path))
        {
            return Errno.EBADF;
        }

        Errno actual = operation.Run(new VolumeActor(Volume), _held, size);
        if (Refusals.Contains(actual))
        {
            // An error may also be that of something that follows, such as giving space back: then it was done.
            RefusedCount++;
            if (actual == Errno.EIO && ModelComparison.FindDifference(Model, Volume, ComparedData.Bytes) is not null)
            {
                operation.Run(new ModelActor(Model), _held, size);
                Remember(operation.ToString(), position);
            }

            return actual;
        }

        Errno right = operation.Run(new ModelActor(Model), _held, size);
        if (actual != right)
        {
            throw new CrashFailedException($"{operation}: the volume answers {actual}, the model {right}");
        }

        if (operation.Kind == OperationKind.Release)
        {
            _held.Remove(operation.Path);
        }

        if (actual == Errno.None)
        {
            Remember(operation.ToString(), position);
        }

        return actual;
    }

    /// <summary>Holds the open volume against the model.</summary>
    /// <exception cref="CrashFailedException">They differ.</exception>
    public void CompareLive()
    {
        if (Volume.DeleteOrphans() != Errno.None)
        {
            return;
        }

        if (ModelComparison.FindDifference(Model, Volume, ComparedData.Bytes) is { } difference)
        {
            throw new CrashFailedException($"the open volume: {difference}");
        }
    }

    /// <summary>Holds every image against the states it may show.</summary>
    /// <param name="plan">How thoroughly.</param>
    /// <param name="counts">What was checked is added here.</param>
    /// <param name="survivor">Told of each image that passed and the state that it showed, while it is there.</param>
    /// <exception cref="CrashFailedException">An image shows no state that it may.</exception>
    public void CheckImages(CrashPlanOptions plan, CrashCounts counts, Action<CrashImage, ModelVolume>? survivor = null)
    {
        counts.AddWorkload();
        int number = 0;
        foreach (CrashImage image in new CrashImages(_disk, plan.Images))
        {
            number++;
            var check = new CrashCheck(image, _options, counts)
            {
                IsNested = plan.NestedEvery > 0 && number % plan.NestedEvery == 0,
                IsUsed = plan.UsedEvery > 0 && number % plan.UsedEvery == 0,
                Nested = plan.Nested,
                Clock = _clock,
            };
            int first = _acknowledged.Last(entry => entry.Position <= image.Position).StateIndex;
            CrashState state = check.Run(_states.Skip(first).TakeWhile(state => state.Position <= image.Position).Reverse());
            survivor?.Invoke(image, state.Model);
        }
    }

    /// <summary>A run on what a crash left.</summary>
    public CrashRun Continue(SimDisk disk, ModelVolume model) => new(disk, model, _clock, _options);

    /// <summary>Lets the volume go as a crash does.</summary>
    public void Dispose() => Volume.Image.Dispose();

    private Errno Persist(Operation operation)
    {
        Errno error = operation.Kind == OperationKind.Sync ? Volume.Sync() : Volume.Checkpoint();
        if (error == Errno.None)
        {
            _acknowledged.Add((_disk.Position, _states.Count - 1));
        }
        else if (!Refusals.Contains(error))
        {
            throw new CrashFailedException($"{operation} answers {error}");
        }

        return error;
    }

    private void Remember(string what, int position)
    {
        ModelVolume state = Model.Clone();
        state.Restart();
        _states.Add(new CrashState(position, what, state));
    }
}
