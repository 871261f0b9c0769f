using System.Numerics;

namespace VfsBlock.Storage.TestKit;

/// <summary>The plans for one stretch between two flushes: the most telling first, none twice.</summary>
internal sealed class CrashPlans(IReadOnlyList<SimEvent> changes, CrashImageOptions options, Random random)
{
    public const int SectorBytes = 512;

    private static readonly TornFill[] _fills = Enum.GetValues<TornFill>();

    private int Count => changes.Count;

    private BigInteger Everything => Prefix(Count);

    public IEnumerable<CrashPlan> All() => Telling()
        .Concat(options.HasTornWrites ? Torn() : [])
        .Concat(Count <= options.FullSubsetLimit ? Subsets() : RandomSubsets())
        .Distinct()
        .Take(options.MaxImagesPerFlush);

    // Every prefix, in the order of submission and of completion; each change missing; each alone; every suffix.
    private IEnumerable<CrashPlan> Telling()
    {
        for (int count = 0; count <= Count; count++)
        {
            yield return new CrashPlan(Prefix(count));
        }

        BigInteger completed = BigInteger.Zero;
        foreach (int index in Enumerable.Range(0, Count).OrderBy(index => changes[index].CompletedAt))
        {
            completed |= BigInteger.One << index;
            yield return new CrashPlan(completed);
        }

        for (int index = 0; index < Count; index++)
        {
            BigInteger one = BigInteger.One << index;
            yield return new CrashPlan(Everything ^ one);
            yield return new CrashPlan(one);
            yield return new CrashPlan(Everything ^ Prefix(index));
        }
    }

    // The earliest change is the highest digit, so that neighbours differ in what came last and share the rest.
    private IEnumerable<CrashPlan> Subsets()
    {
        for (int number = 0; number < 1 << Count; number++)
        {
            BigInteger survivors = BigInteger.Zero;
            for (int index = 0; index < Count; index++)
            {
                survivors |= (BigInteger)((number >> (Count - 1 - index)) & 1) << index;
            }

            yield return new CrashPlan(survivors);
        }
    }

    private IEnumerable<CrashPlan> RandomSubsets()
    {
        for (int subset = 0; subset < options.RandomSubsetCount; subset++)
        {
            double density = random.NextDouble();
            BigInteger survivors = BigInteger.Zero;
            for (int index = 0; index < Count; index++)
            {
                survivors |= random.NextDouble() < density ? BigInteger.One << index : BigInteger.Zero;
            }

            yield return new CrashPlan(survivors);
        }
    }

    // A write is torn where it is the last that arrived, and where all others arrived as well.
    private IEnumerable<CrashPlan> Torn()
    {
        for (int index = 0; index < Count; index++)
        {
            int sectorCount = (int)(changes[index].LengthBytes / SectorBytes);
            if (changes[index].Kind != SimEventKind.Write || sectorCount < 2)
            {
                continue;
            }

            int middle = random.Next(1, sectorCount);
            foreach (TornFill fill in _fills)
            {
                foreach (BigInteger survivors in new[] { Prefix(index + 1), Everything })
                {
                    yield return new CrashPlan(survivors, new Tear(index, SectorBytes, KeepsHead: true, fill));
                    yield return new CrashPlan(survivors, new Tear(index, (sectorCount - 1) * SectorBytes, KeepsHead: true, fill));
                    yield return new CrashPlan(survivors, new Tear(index, middle * SectorBytes, KeepsHead: true, fill));
                    yield return new CrashPlan(survivors, new Tear(index, middle * SectorBytes, KeepsHead: false, fill));
                    yield return new CrashPlan(survivors, new Tear(index, 0, KeepsHead: true, fill));
                }
            }
        }
    }

    private static BigInteger Prefix(int count) => (BigInteger.One << count) - 1;
}
