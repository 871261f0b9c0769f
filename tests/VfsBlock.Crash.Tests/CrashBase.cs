using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>A small volume with something in it, made once, from which any number of runs begin, also at the same time.</summary>
internal sealed class CrashBase : IDisposable
{
    private readonly SimDisk _disk;
    private readonly VolumeOptions _options;
    private readonly Operation[] _setup;
    private readonly uint _rootPermissions;
    private readonly Credentials _owner;

    /// <summary>Formats a disk, and does what the tree is made by.</summary>
    /// <param name="format">How the volume is made.</param>
    /// <param name="options">How it is opened.</param>
    /// <param name="setup">What makes the tree.</param>
    /// <param name="completionSeed">In which order writes complete.</param>
    /// <param name="hostLimitBytes">What the disk cannot grow beyond.</param>
    public CrashBase(VolumeFormat format, VolumeOptions options, Operation[] setup, int completionSeed = 1, long hostLimitBytes = long.MaxValue)
    {
        _options = options;
        _rootPermissions = format.RootPermissions;
        _owner = format.Owner;
        _setup = setup;
        _disk = new SimDisk(0, new SimDiskOptions { CompletionSeed = completionSeed, SizeLimitBytes = hostLimitBytes });
        var clock = new ManualClock();
        Volume.Format(_disk, format with { Clock = clock });
        using (Volume volume = Volume.Open(new LentDevice(_disk), options with { Clock = clock }))
        {
            SetUp(new VolumeActor(volume), clock);
        }

        _disk.Settle();
    }

    /// <summary>A run on a disk of its own.</summary>
    /// <param name="wrap">What stands between the volume and the disk.</param>
    public CrashRun Begin(Func<SimDisk, IBlockDevice>? wrap = null)
    {
        var clock = new ManualClock();
        var model = new ModelVolume(clock, _rootPermissions, _owner);
        SetUp(new ModelActor(model), clock);
        return new CrashRun(_disk.Fork(), model, clock, _options, wrap);
    }

    public void Dispose() => _disk.Dispose();

    private void SetUp(IActor actor, ManualClock clock)
    {
        foreach (Operation operation in _setup)
        {
            clock.Advance();
            Errno error = operation.Run(actor, [], _ => 0);
            if (error != Errno.None)
            {
                throw new InvalidOperationException($"{operation}: {error}");
            }
        }
    }
}
