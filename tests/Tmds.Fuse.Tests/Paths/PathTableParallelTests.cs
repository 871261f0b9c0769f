using System.Globalization;
using System.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Tmds.Fuse.Tests;

/// <summary>Many threads at once: whoever holds a path finds the same file under it for as long as they hold it.</summary>
public sealed class PathTableParallelTests(ITestOutputHelper output) : IDisposable
{
    private const int DirectoryCount = 8;
    private const int FileCount = 16;
    private const int StepCount = 3000;
    private readonly PathTable _table = new();
    private readonly MemoryPathFileSystem _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Acquire_WhileOthersMoveDirectories_HoldsStill()
    {
        int seed = RandomSeed.Take(output);
        var directories = new NodeId[DirectoryCount];
        var files = new NodeId[FileCount];
        for (int index = 0; index < DirectoryCount; index++)
        {
            directories[index] = Make(NodeId.Root, $"d{index}", isDirectory: true);
        }

        for (int index = 0; index < FileCount; index++)
        {
            files[index] = Make(directories[index % DirectoryCount], $"f{index}", isDirectory: false);
        }

        string? failure = null;
        using var barrier = new Barrier(4);
        Thread[] threads =
        [
            .. Enumerable.Range(0, 2).Select(number => new Thread(() => Run(barrier, () => MoveDirectories(new Random(seed + number), number, directories), ref failure))),
            .. Enumerable.Range(2, 2).Select(number => new Thread(() => Run(barrier, () => ReadFiles(new Random(seed + number), files), ref failure))),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.True(failure is null, failure);

        // Every file is where the table says, and everything is given back.
        for (int index = 0; index < FileCount; index++)
        {
            using (PathHold hold = _table.Acquire(new PathClaim { Node = files[index] }))
            {
                Assert.Equal(Content(index), Read(hold.Path));
            }

            _table.Forget(files[index], 1);
        }

        Array.ForEach(directories, directory => _table.Forget(directory, 1));
        Assert.Equal(1, _table.NodeCount);
    }

    private static void Run(Barrier barrier, Func<string?> work, ref string? failure)
    {
        barrier.SignalAndWait();
        try
        {
            if (work() is { } complaint)
            {
                Volatile.Write(ref failure, complaint);
            }
        }
        catch (Exception exception)
        {
            Volatile.Write(ref failure, exception.ToString());
        }
    }

    private static string Content(int index) => index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Moves directories into each other and back: each mover has names of its own, as the kernel's locks would see to it.</summary>
    private string? MoveDirectories(Random random, int mover, NodeId[] directories)
    {
        for (int step = 0; step < StepCount; step++)
        {
            // Even directories belong to one mover, odd ones to the other; targets may be anybody's.
            int moved = (random.Next(DirectoryCount / 2) * 2) + mover;
            int target = random.Next(DirectoryCount + 1);
            NodeId newParent = target == DirectoryCount ? NodeId.Root : directories[target];
            NodeId parent = ParentOf(directories[moved]);
            byte[] name = Encoding.UTF8.GetBytes($"d{moved}");
            using PathHold hold = _table.Acquire(new PathClaim
            {
                Node = parent,
                Name = name,
                SecondParent = newParent,
                SecondName = name,
                TakesTargets = true,
            });
            if (hold.Error == Errno.EINVAL || hold.Target?.Id != directories[moved].Value)
            {
                continue;
            }

            if (hold.Error != Errno.None)
            {
                return $"moving d{moved}: {hold.Error}";
            }

            int result = hold.Path.SequenceEqual(hold.SecondPath) ? 0 : _files.Rename(hold.Path, hold.SecondPath, 0);
            if (result != 0)
            {
                return $"rename of {Encoding.UTF8.GetString(hold.Path)} to {Encoding.UTF8.GetString(hold.SecondPath)}: {result}";
            }

            _table.Move(hold);
        }

        return null;
    }

    private string? ReadFiles(Random random, NodeId[] files)
    {
        for (int step = 0; step < StepCount * 3; step++)
        {
            int index = random.Next(FileCount);
            using PathHold hold = _table.Acquire(new PathClaim { Node = files[index] });
            for (int look = 0; look < 3; look++)
            {
                string found = hold.Error == Errno.None ? Read(hold.Path) : hold.Error.ToString();
                if (found != Content(index))
                {
                    return $"f{index} at {Encoding.UTF8.GetString(hold.Path)} is {found}";
                }

                Thread.Yield();
            }
        }

        return null;
    }

    private NodeId ParentOf(NodeId node)
    {
        using PathHold hold = _table.Acquire(new PathClaim { Node = node });
        return new NodeId(hold.Node!.Parent!.Id);
    }

    private string Read(ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[16];
        FuseFileInfo file = default;
        int length = _files.Read(path, 0, buffer, ref file);
        return length < 0 ? length.ToString(CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(buffer[..length]);
    }

    private NodeId Make(NodeId parent, string name, bool isDirectory)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        using PathHold hold = _table.Acquire(new PathClaim { Node = parent, Name = bytes });
        if (isDirectory)
        {
            Assert.Equal(0, _files.MkDir(hold.Path, 0b111_101_101));
        }
        else
        {
            _files.Put(Encoding.UTF8.GetString(hold.Path), Encoding.UTF8.GetBytes(name[1..]));
        }

        return _table.CountLookup(hold.Node!, bytes);
    }
}
