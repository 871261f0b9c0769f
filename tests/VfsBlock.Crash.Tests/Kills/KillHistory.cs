namespace VfsBlock.Storage.Tests;

/// <summary>What a <see cref="KillWorker"/> told, in its order, and what must therefore be found. Operations of a thread are counted from 0.</summary>
internal sealed class KillHistory(int threadCount)
{
    // For each operation that was begun: how many operations of each thread were done by then.
    private readonly List<int[]>[] _doneBefore = [.. Enumerable.Range(0, threadCount).Select(_ => new List<int[]>())];
    private readonly int[] _done = new int[threadCount];

    /// <summary>How many operations of each thread must be there because a sync began after them and succeeded.</summary>
    public int[] Durable { get; } = new int[threadCount];

    /// <summary>How many syncs succeeded.</summary>
    public int SyncCount { get; private set; }

    /// <summary>How many operations were done.</summary>
    public int DoneCount => _done.Sum();

    /// <summary>How many operations a thread began: no more can be there.</summary>
    public int BegunCount(int thread) => _doneBefore[thread].Count;

    public void Add(KillEvent what)
    {
        switch (what.Kind)
        {
            case KillEventKind.Begin or KillEventKind.SyncBegin:
                _doneBefore[what.Thread].Add([.. _done]);
                break;
            case KillEventKind.Done:
                _done[what.Thread] = what.Index + 1;
                break;
            case KillEventKind.SyncDone:
                _done[what.Thread] = what.Index + 1;
                SyncCount++;
                Raise(Durable, _doneBefore[what.Thread][what.Index]);
                break;
            default:
                break;
        }
    }

    /// <summary>How many operations of each thread must be there: those before a sync, and those that had ended before one began of which something is there.</summary>
    /// <param name="touched">Of how many operations of each thread something is there, at least.</param>
    public int[] Required(ReadOnlySpan<int> touched)
    {
        int[] required = [.. Durable];
        for (int thread = 0; thread < threadCount; thread++)
        {
            if (touched[thread] > 0)
            {
                Raise(required, _doneBefore[thread][touched[thread] - 1]);
            }
        }

        return required;
    }

    private static void Raise(int[] required, int[] least)
    {
        for (int thread = 0; thread < least.Length; thread++)
        {
            required[thread] = Math.Max(required[thread], least[thread]);
        }
    }
}
