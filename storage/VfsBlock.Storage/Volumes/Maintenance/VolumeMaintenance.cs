using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Looks after an open volume: makes durable what waited long enough, empties the log, goes on with deletions. A volume that nobody changes is soon clean, and
/// then nothing is written any more.
/// </summary>
/// <remarks>
/// Owns nothing but its times. One thread at a time calls <see cref="RunDue"/>: a <see cref="MaintenanceThread"/>, or a test that drives the clock. Takes no lock of its
/// own. A call that finds nothing due allocates nothing and does no I/O.
/// </remarks>
internal sealed class VolumeMaintenance
{
    // So few that a commit which is due waits for no more than some milliseconds.
    private const int DeletionSliceCount = 8;

    private readonly Volume _volume;
    private readonly VolumeImage _image;
    private readonly MaintenanceSignal _signal;
    private readonly TimeProvider _clock;
    private Alarm _commit;
    private Alarm _checkpoint;
    private Alarm _deletionPause;
    private bool _isFailing;
    private bool _hasEnded;

    /// <summary>Looks after a volume that can be written.</summary>
    public VolumeMaintenance(Volume volume, MaintenanceOptions options)
    {
        _volume = volume;
        _image = volume.Image;
        _signal = volume.Core.Maintenance;
        _clock = volume.Core.Clock;
        _commit = new Alarm(options.CommitInterval);
        _checkpoint = new Alarm(options.CheckpointInterval);
        _deletionPause = new Alarm(options.CommitInterval);
    }

    /// <summary>Does what is due.</summary>
    /// <returns>After how many milliseconds to call again, unless the signal is raised before: 0 if there is more to do already, -1 if nothing waits.</returns>
    public int RunDue()
    {
        if (_hasEnded)
        {
            return Timeout.Infinite;
        }

        long now = _clock.GetTimestamp();
        SetAlarms(now);
        if (!MakeDurable(now))
        {
            return Timeout.Infinite;
        }

        bool hasMore = DeleteSome(now) | WriteAhead();
        now = _clock.GetTimestamp();
        SetAlarms(now);
        return hasMore ? 0 : NextMs(now);
    }

    /// <summary>Says that it ends because of a mistake in the program; nothing is done any more.</summary>
    public void End(Exception exception)
    {
        _hasEnded = true;
        _image.File.Log($"nobody looks after the volume any more: {exception} Syncs go on to work. Close the volume and open it again, and report this.");
    }

    // False if it ended.
    private bool MakeDurable(long now)
    {
        Errno error = Errno.None;

        // While something is in the way, the commits try again, and no more often than they come: a sync ends a checkpoint that stopped half way.
        if ((_image.WantsCheckpoint && !_isFailing) || _checkpoint.IsDue(_clock, now))
        {
            error = Checkpoint();
        }
        else if (_commit.IsDue(_clock, now))
        {
            error = Commit();
        }
        else if (!_image.HasFailed)
        {
            return true;
        }

        if (error == Errno.EIO || _image.HasFailed)
        {
            _hasEnded = true;
            _image.File.Log("the volume could not be made durable; nothing is written any more. What was synced before is safe. Mend the device, then close the volume and open it again.");
            return false;
        }

        if (error != Errno.None)
        {
            Retry(error, now);
        }

        _isFailing = error != Errno.None;
        return true;
    }

    private Errno Commit()
    {
        _commit.Clear();
        _signal.ForgetChanges();
        return _image.Sync();
    }

    private Errno Checkpoint()
    {
        _commit.Clear();
        _checkpoint.Clear();
        _signal.ForgetChanges();
        return _image.Checkpoint();
    }

    private void Retry(Errno error, long now)
    {
        _signal.NoteChange();
        _commit.Set(now);
        if (!_isFailing)
        {
            _image.File.Log($"changes cannot be written ({ErrnoText.Describe(error)}); they stay in memory, and it is tried again. Make room, or mend the device.");
        }
    }

    // True if more can be done at once.
    private bool DeleteSome(long now)
    {
        if (_volume.PendingDeletionCount == 0 || (_deletionPause.IsSet && !_deletionPause.IsDue(_clock, now)))
        {
            return false;
        }

        // What cannot be deleted now waits: for space, or for ever if it is damaged, which was counted and told.
        _deletionPause.Clear();
        if (_volume.DeleteOrphans(DeletionSliceCount) != Errno.None)
        {
            _deletionPause.Set(now);
            return false;
        }

        return _volume.PendingDeletionCount > 0;
    }

    // Blocks for small writes that are synced one by one. True if more are wanted at once.
    private bool WriteAhead()
    {
        if (!_image.File.WantsWriteAhead)
        {
            return false;
        }

        _image.File.WriteAhead();
        return _image.File.WantsWriteAhead;
    }

    private void SetAlarms(long now)
    {
        if (_signal.HasChanges)
        {
            _commit.Set(now);
        }

        if (_image.IsLogEmpty)
        {
            _checkpoint.Clear();
        }
        else
        {
            _checkpoint.Set(now);
        }
    }

    private int NextMs(long now) => Earliest(_commit.RemainingMs(_clock, now), Earliest(_checkpoint.RemainingMs(_clock, now), _deletionPause.RemainingMs(_clock, now)));

    // -1 is never, and as a number without a sign it is the last of all.
    private static int Earliest(int firstMs, int secondMs) => (int)Math.Min((uint)firstMs, (uint)secondMs);
}
