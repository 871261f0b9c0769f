namespace VfsBlock.Storage.Tests;

/// <summary>How far a thread's operations came, by what is in its directory. Several states may look the same.</summary>
/// <param name="Whole">So many operations are there whole, at most.</param>
/// <param name="Touched">Of so many operations something is there, at least.</param>
internal readonly record struct KillMatch(int Whole, int Touched)
{
    /// <summary>Looks for the state that a directory shows.</summary>
    /// <param name="workload">The thread's operations, none applied yet.</param>
    /// <param name="begunCount">How many of them were begun.</param>
    /// <param name="found">What is in the directory; null if there is none.</param>
    /// <param name="least">States with fewer operations are not looked at.</param>
    /// <returns>None if it shows no state between.</returns>
    public static KillMatch? Find(KillWorkload workload, int begunCount, string? found, int least)
    {
        KillMatch? match = least == 0 && found is null ? new KillMatch(0, 0) : null;
        void Look(int whole, int touched)
        {
            if (whole >= least && found is not null && found == workload.Digest)
            {
                match = new KillMatch(whole, match?.Touched ?? touched);
            }
        }

        for (int index = 0; index < begunCount; index++)
        {
            if (index > 0)
            {
                int whole = index;
                workload.Apply(workload.Next(), () => Look(whole, whole + 1));
            }

            Look(index + 1, index + 1);
        }

        return match;
    }
}
