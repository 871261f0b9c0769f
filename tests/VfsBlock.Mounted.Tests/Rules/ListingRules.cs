using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Listing directories, also while they change.</summary>
public abstract class ListingRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    private const int Many = 10_000;

    [MountedFact]
    public void List_ManyEntries_GivesEachOnceWithDots()
    {
        Fill(Many);
        var names = new List<string>();
        nint directory = Syscall.opendir(Mount.Root);
        for (Dirent? entry = Syscall.readdir(directory); entry is not null; entry = Syscall.readdir(directory))
        {
            names.Add(entry.d_name);
            Assert.NotEqual(0ul, entry.d_ino);
            Assert.Equal(entry.d_name[0] == '.' ? 4 : 8, entry.d_type);
        }

        Posix.Ok(Syscall.closedir(directory));
        Assert.Equal(Many + 2, names.Count);
        Assert.Equal(Many + 2, names.Distinct().Count());
        Assert.Contains(".", names);
        Assert.Contains("..", names);
    }

    [MountedFact]
    public void List_WhileDeletingWhatIsListed_LeavesNothing()
    {
        Fill(Many);
        nint directory = Syscall.opendir(Mount.Root);
        for (Dirent? entry = Syscall.readdir(directory); entry is not null; entry = Syscall.readdir(directory))
        {
            if (entry.d_name[0] != '.')
            {
                Posix.Ok(Syscall.unlink(Mount[entry.d_name]));
            }
        }

        Posix.Ok(Syscall.closedir(directory));
        Assert.Empty(Posix.List(Mount.Root));
    }

    [MountedFact]
    public void List_WhileOthersComeAndGo_GivesEachThatStaysOnce()
    {
        Fill(2000);
        var listed = new List<string>();
        nint directory = Syscall.opendir(Mount.Root);
        int step = 0;
        for (Dirent? entry = Syscall.readdir(directory); entry is not null; entry = Syscall.readdir(directory))
        {
            listed.Add(entry.d_name);
            if (step++ % 20 == 0)
            {
                Posix.Create(Mount[$"new-{step}"]);
                Syscall.unlink(Mount[$"new-{step - 40}"]);
            }
        }

        Posix.Ok(Syscall.closedir(directory));
        List<string> stayed = [.. listed.Where(name => name.StartsWith("f-", StringComparison.Ordinal))];
        Assert.Equal(2000, stayed.Count);
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    [MountedFact]
    public void List_Rewound_ShowsWhatIsThereNow()
    {
        Fill(10);
        nint directory = Syscall.opendir(Mount.Root);
        while (Syscall.readdir(directory) is not null)
        {
        }

        Posix.Create(Mount["late"]);
        Posix.Ok(Syscall.unlink(Mount["f-0"]));
        Posix.Ok(Syscall.rewinddir(directory));
        var names = new List<string>();
        for (Dirent? entry = Syscall.readdir(directory); entry is not null; entry = Syscall.readdir(directory))
        {
            names.Add(entry.d_name);
        }

        Posix.Ok(Syscall.closedir(directory));
        Assert.Contains("late", names);
        Assert.DoesNotContain("f-0", names);
    }

    [MountedFact]
    public void List_AtAnEarlierPosition_GoesOnFromThere()
    {
        Fill(300);
        nint directory = Syscall.opendir(Mount.Root);
        var rest = new List<string>();
        for (int index = 0; index < 100; index++)
        {
            Assert.NotNull(Syscall.readdir(directory));
        }

        long position = Posix.Ok(Syscall.telldir(directory));
        string[] ReadRest()
        {
            rest.Clear();
            for (Dirent? entry = Syscall.readdir(directory); entry is not null; entry = Syscall.readdir(directory))
            {
                rest.Add(entry.d_name);
            }

            return [.. rest];
        }

        string[] first = ReadRest();
        Assert.Equal(202, first.Length);
        Posix.Ok(Syscall.seekdir(directory, position));
        Assert.Equal(first, ReadRest());
        Posix.Ok(Syscall.closedir(directory));
    }

    private void Fill(int count)
    {
        for (int number = 0; number < count; number++)
        {
            Posix.Close(Posix.Open(Mount[$"f-{number}"], Posix.ReadWriteNew));
        }
    }
}
