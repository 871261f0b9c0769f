namespace VfsBlock.Bench;

/// <summary>What one round does with a directory, the same in every store: made before anything is measured.</summary>
internal sealed class NamespacePlan
{
    /// <summary>A plan for the next round.</summary>
    /// <param name="live">The numbers of the files that are there. Becomes what is there after the round, as many as before.</param>
    /// <param name="nextNumber">The first number that no file ever had.</param>
    /// <param name="count">Operations of each kind.</param>
    /// <param name="random">Chooses files.</param>
    public NamespacePlan(List<ulong> live, ref ulong nextNumber, int count, Random random)
    {
        Lookups = [.. Enumerable.Range(0, count).Select(_ => live[random.Next(live.Count)])];
        Creates = new ulong[count];
        OldNames = new ulong[count];
        NewNames = new ulong[count];
        Unlinks = new ulong[count];
        for (int index = 0; index < count; index++)
        {
            live.Add(Creates[index] = nextNumber++);
        }

        for (int index = 0; index < count; index++)
        {
            int place = random.Next(live.Count);
            OldNames[index] = live[place];
            live[place] = NewNames[index] = nextNumber++;
        }

        for (int index = 0; index < count; index++)
        {
            int place = random.Next(live.Count);
            Unlinks[index] = live[place];
            live[place] = live[^1];
            live.RemoveAt(live.Count - 1);
        }
    }

    public ulong[] Lookups { get; }

    public ulong[] Creates { get; }

    public ulong[] OldNames { get; }

    public ulong[] NewNames { get; }

    public ulong[] Unlinks { get; }
}
