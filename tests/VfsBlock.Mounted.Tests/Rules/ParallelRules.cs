using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Many threads at once.</summary>
public abstract class ParallelRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    private const int ThreadCount = 8;

    [MountedFact]
    public void Create_ExclusivelyByMany_HasOneWinnerEach()
    {
        const int FileCount = 200;
        int winnerCount = 0;
        InParallel(_ =>
        {
            for (int number = 0; number < FileCount; number++)
            {
                int file = Syscall.open(Mount[$"f{number}"], Posix.ReadWriteNew, Posix.PublicFile);
                if (file >= 0)
                {
                    Interlocked.Increment(ref winnerCount);
                    Posix.Close(file);
                }
                else
                {
                    Posix.Fails(Errno.EEXIST, file);
                }
            }
        });
        Assert.Equal(FileCount, winnerCount);
        Assert.Equal(FileCount, Posix.List(Mount.Root).Count);
    }

    [MountedFact]
    public void Create_InOneDirectoryByMany_KeepsEveryName()
    {
        InParallel(thread =>
        {
            for (int number = 0; number < 200; number++)
            {
                Posix.Create(Mount[$"{thread}-{number}"], (byte)number);
            }
        });
        Assert.Equal(ThreadCount * 200, Posix.List(Mount.Root).Count);
    }

    [MountedFact]
    public void Write_ToOneFileByMany_LosesNothing()
    {
        const int BlockBytes = 10_000;
        const int BlockCount = 20;
        int file = Posix.Open(Mount["f"], Posix.ReadWriteNew);
        InParallel(thread =>
        {
            byte[] block = new byte[BlockBytes];
            for (int number = 0; number < BlockCount; number++)
            {
                block.AsSpan().Fill((byte)(thread + 1));
                Posix.WriteAt(file, ((number * ThreadCount) + thread) * BlockBytes, block);
            }
        });
        byte[] all = Posix.ReadAt(file, 0, ThreadCount * BlockCount * BlockBytes);
        Posix.Close(file);
        Assert.Equal(ThreadCount * BlockCount * BlockBytes, all.Length);
        for (int index = 0; index < all.Length; index++)
        {
            Assert.True(all[index] == (index / BlockBytes % ThreadCount) + 1, $"byte {index} is {all[index]}");
        }
    }

    [MountedFact]
    public void Rename_BackAndForthByMany_KeepsEveryFile()
    {
        Posix.Ok(Syscall.mkdir(Mount["a"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["b"], Posix.PublicDirectory));
        for (int thread = 0; thread < ThreadCount; thread++)
        {
            Posix.Create(Mount[$"a/{thread}"], (byte)thread);
        }

        InParallel(thread =>
        {
            for (int round = 0; round < 100; round++)
            {
                Posix.Ok(Stdlib.rename(Mount[$"a/{thread}"], Mount[$"b/{thread}"]));
                Assert.Equal<byte>([(byte)thread], Posix.ReadAll(Mount[$"b/{thread}"]));
                Posix.Ok(Stdlib.rename(Mount[$"b/{thread}"], Mount[$"a/{thread}"]));
            }
        });
        Assert.Equal(ThreadCount, Posix.List(Mount["a"]).Count);
        Assert.Empty(Posix.List(Mount["b"]));
    }

    /// <summary>Runs an action on eight threads and passes on what one of them threw.</summary>
    private static void InParallel(Action<int> action)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, ThreadCount).Select(index => new Thread(() =>
        {
            try
            {
                action(index);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, exception, null);
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Null(failure);
    }
}
