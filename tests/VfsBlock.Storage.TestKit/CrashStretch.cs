namespace VfsBlock.Storage.TestKit;

/// <summary>The changes that no flush has covered yet, over the pages that one has: what <see cref="CrashImages"/> works on.</summary>
internal sealed class CrashStretch(PageStore initial, CrashImageOptions options, IReadOnlyList<SimEvent> events)
{
    private readonly PageStore _store = new(initial, hasJournal: true);
    private readonly List<(CrashStep Step, int JournalLength)> _applied = [];
    private List<SimEvent> _changes = [];

    public void Add(SimEvent change) => _changes.Add(change);

    /// <summary>The images of a power cut between the last flush and <paramref name="position"/>.</summary>
    public IEnumerable<CrashImage> Images(SimDiskOptions diskOptions, int position)
    {
        List<SimEvent> changes = _changes;
        var random = new Random(unchecked((options.Seed * 1_000_003) + position));
        foreach (CrashPlan plan in new CrashPlans(changes, options, random).All())
        {
            Materialise(plan);
            yield return new CrashImage(_store, diskOptions, changes, plan, position);
        }
    }

    /// <summary>Makes durable what had completed when the flush at <paramref name="position"/> started.</summary>
    public void Flush(int position)
    {
        RevertTo(0);
        foreach (SimEvent change in _changes.Where(change => change.CompletedAt < position))
        {
            Apply(change, null);
        }

        _store.Commit();
        _changes = [.. _changes.Where(change => change.CompletedAt >= position)];
    }

    private void Materialise(CrashPlan plan)
    {
        int kept = 0;
        for (int index = 0; index < _changes.Count; index++)
        {
            if (!plan.Keeps(index))
            {
                continue;
            }

            var step = new CrashStep(index, plan.Tear?.Index == index ? plan.Tear : null);
            if (kept < _applied.Count && _applied[kept].Step == step)
            {
                kept++;
                continue;
            }

            RevertTo(kept);
            _applied.Add((step, _store.JournalLength));
            Apply(_changes[index], step.Tear);
            kept++;
        }

        RevertTo(kept);
    }

    private void RevertTo(int count)
    {
        if (count < _applied.Count)
        {
            _store.Revert(_applied[count].JournalLength);
            _applied.RemoveRange(count, _applied.Count - count);
        }
    }

    private void Apply(SimEvent change, Tear? tear)
    {
        switch (change.Kind)
        {
            case SimEventKind.Resize:
                _store.Resize(change.OffsetBytes);
                break;
            case SimEventKind.Discard:
                _store.Zero(change.OffsetBytes, Math.Clamp(_store.SizeBytes - change.OffsetBytes, 0, change.LengthBytes));
                break;
            default:
                _store.Write(tear is null ? change.Data : Torn(change, tear), change.OffsetBytes);
                break;
        }
    }

    private byte[] Torn(SimEvent write, Tear tear)
    {
        byte[] bytes = new byte[write.LengthBytes];
        switch (tear.Fill)
        {
            case TornFill.Garbage:
                new Random(unchecked((options.Seed * 31) + write.Position)).NextBytes(bytes);
                break;
            case TornFill.Stale:
                ReadStale(bytes, write);
                break;
            default:
                _store.Read(bytes, write.OffsetBytes);
                break;
        }

        Range arrived = tear.KeepsHead ? ..tear.CutBytes : tear.CutBytes..;
        write.Data[arrived].CopyTo(bytes.AsSpan(arrived));
        return bytes;
    }

    // Sector by sector: what the write before the last one put there, or the disk held at first if there was but one; else what is there now.
    private void ReadStale(byte[] bytes, SimEvent write)
    {
        _store.Read(bytes, write.OffsetBytes);
        for (int from = 0; from < bytes.Length; from += CrashPlans.SectorBytes)
        {
            long offsetBytes = write.OffsetBytes + from;
            Span<byte> sector = bytes.AsSpan(from, CrashPlans.SectorBytes);
            int versions = 0;
            for (int position = write.Position - 1; position >= 0 && versions < 2; position--)
            {
                SimEvent earlier = events[position];
                long start = offsetBytes - earlier.OffsetBytes;
                if (earlier.Kind == SimEventKind.Write && start >= 0 && start + CrashPlans.SectorBytes <= earlier.LengthBytes && ++versions == 2)
                {
                    earlier.Data.Slice((int)start, CrashPlans.SectorBytes).CopyTo(sector);
                }
            }

            if (versions == 1)
            {
                initial.Read(sector, offsetBytes);
            }
        }
    }
}
