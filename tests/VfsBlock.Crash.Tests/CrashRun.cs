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
        Remember("open", 0, Model);
    }

    public Volume Volume { get; private set; }

    public ModelVolume Model { get; private set; }

    /// <summary>Where the record of the disk is: an image before it shows nothing of what is done from now on.</summary>
    public int Position => _disk.Position;

    /// <summary>Errors of the device or of space that operations may answer; then nothing was done, or a part of what takes several changes.</summary>
    public HashSet<Errno> Refusals { get; } = [];

    /// <summary>True if what frees space must succeed, however full the volume is.</summary>
    public bool DemandsFreeing { get; set; }

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
        if (operation.Kind == OperationKind.Release && !_held.ContainsKey(operation.Path))
        {
            return Errno.EBADF;
        }

        var held = new Dictionary<string, InodeNumber>(_held);
        Errno actual = operation.Run(new VolumeActor(Volume), _held, SizeOf);
        ModelVolume before = Model.Clone();
        List<ModelVolume> between = [];
        Errno right = operation.Run(new ModelActor(Model, () => between.Add(Model.Clone())), held, SizeOf);
        if (actual != right && Refusals.Contains(actual))
        {
            Refuse(operation, actual, [before, .. between, Model], position);
            return actual;
        }

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
            between.ForEach(state => Remember($"a part of {operation}", position, state));
            Remember(operation.ToString(), position, Model);
        }

        return actual;
    }

    /// <summary>Holds the open volume against the model.</summary>
    /// <exception cref="CrashFailedException">They differ.</exception>
    public void CompareLive()
    {
        Errno error = Volume.DeleteOrphans();
        if (error != Errno.None)
        {
            if (DemandsFreeing)
            {
                throw new CrashFailedException($"what was deleted cannot be removed: {error}");
            }

            return;
        }

        if (ModelComparison.FindDifference(Model, Volume, comparesData: true) is { } difference)
        {
            throw new CrashFailedException($"the open volume: {difference}");
        }

        if (Volume.Image.ForeignFreeCount > 0)
        {
            throw new CrashFailedException($"the open volume freed what was not its own {Volume.Image.ForeignFreeCount} times");
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
            if (image.Position < plan.FirstPosition)
            {
                continue;
            }

            number++;
            var check = new CrashCheck(image, _options, counts)
            {
                IsNested = plan.NestedEvery > 0 && number % plan.NestedEvery == 0,
                IsUsed = plan.UsedEvery > 0 && number % plan.UsedEvery == 0,
                IsChecked = plan.CheckedEvery > 0 && number % plan.CheckedEvery == 0,
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

    private int SizeOf(InodeNumber inode) => Model.Inodes.TryGetValue(inode, out ModelInode? found) ? found.Content.Bytes.Length : 0;

    // The volume shows how far it came. A device that fails may have done all of it, and failed in what follows, such as giving space back.
    private void Refuse(Operation operation, Errno error, List<ModelVolume> states, int position)
    {
        RefusedCount++;
        if (DemandsFreeing && operation.WorksWhenFull)
        {
            throw new CrashFailedException($"{operation}: the volume answers {error}, but this must work on a full volume too");
        }

        Errno deletion = Volume.DeleteOrphans();
        int shown = states.FindIndex(state => ModelComparison.FindDifference(state, Volume, comparesData: true) is null);
        if (shown < 0 && deletion == Errno.None)
        {
            throw new CrashFailedException(
                $"{operation}: the volume answers {error} and is in no state between: {ModelComparison.FindDifference(states[0], Volume, comparesData: true)}");
        }

        shown = shown < 0 ? (error == Errno.EIO ? states.Count - 1 : 0) : shown;
        Model = states[shown];
        states.Take(shown + 1).Skip(1).ToList().ForEach(state => Remember($"a part of {operation}", position, state));
    }

    private Errno Persist(Operation operation)
    {
        Errno error = operation.Kind switch
        {
            OperationKind.Sync => Volume.Sync(),
            OperationKind.Checkpoint => Volume.Checkpoint(),
            _ => Reopen(),
        };
        if (error == Errno.None)
        {
            _acknowledged.Add((_disk.Position, _states.Count - 1));
        }
        else if (!Refusals.Contains(error) || DemandsFreeing)
        {
            throw new CrashFailedException($"{operation} answers {error}");
        }

        return error;
    }

    private Errno Reopen()
    {
        // On a full host closing may lose what was not synced: it stays open then.
        Errno error = Volume.Checkpoint();
        if (error != Errno.None)
        {
            return error;
        }

        Volume.Dispose();
        _held.Clear();
        Model.Restart();
        Volume = Volume.Open(new LentDevice(_disk), _options);
        error = Volume.DeleteOrphans();
        Model.NextInode = Volume.Core.NextInode;
        return error;
    }

    private void Remember(string what, int position, ModelVolume model)
    {
        ModelVolume state = model.Clone();
        state.Restart();
        _states.Add(new CrashState(position, what, state));
    }
}
