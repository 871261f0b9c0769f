using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>What people do with a file system, by the tools they do it with.</summary>
public abstract class ShellRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    // Everything that cp -a keeps; sizes of directories are each file system's own affair.
    private const string Describe = """
        find . -type f -printf '%P %y %m %U %G %s %T@ %n\n' -o -type l -printf '%P %y %l\n' -o -printf '%P %y %m %U %G %T@\n' | sort
        """;

    private readonly TempDirectory _host = new();

    protected override void Dispose(bool isDisposing)
    {
        base.Dispose(isDisposing);
        _host.Dispose();
    }

    [MountedFact]
    public void CopyArchive_OfATree_IsTheSameTree()
    {
        MakeTree();
        Shell.Run("cp", "-a", _host.File("tree"), Mount["copy"]);
        Assert.Equal(Shell.Script(_host.File("tree"), Describe), Shell.Script(Mount["copy"], Describe));
        Shell.Run("diff", "-r", "--no-dereference", "-x", "fifo", _host.File("tree"), Mount["copy"]);
        Shell.Run("cp", "-a", Mount["copy"], Mount["again"]);
        Assert.Equal(Shell.Script(_host.File("tree"), Describe), Shell.Script(Mount["again"], Describe));
        Shell.Script(Mount.Root, "tar cf all.tar copy && mkdir out && tar xf all.tar -C out && diff -r --no-dereference -x fifo copy out/copy");
        Assert.Contains("file-1", Shell.Run("ls", "-laR", Mount["copy"]), StringComparison.Ordinal);
        Shell.Script(Mount.Root, "rm -rf copy again out all.tar");
        Assert.Empty(Posix.List(Mount.Root));
    }

    [MountedFact]
    public void FindNewer_AfterATouch_FindsWhatIsNewer()
    {
        Posix.Create(Mount["old"], 1);
        Posix.Create(Mount["mark"], 1);
        Posix.LetClockTick();
        Posix.Create(Mount["new"], 1);
        string found = Shell.Script(Mount.Root, "find . -type f -newer mark");
        Assert.Equal("./new", found.Trim());
        Shell.Script(Mount.Root, "touch -d '2001-02-03 04:05:06.123456789' new && test old -nt new");
    }

    [MountedFact]
    public void GitClone_OfALocalRepository_IsSound()
    {
        if (ProgramRun.Start("git", "--version") is null)
        {
            return;
        }

        const string Git = "export HOME=$PWD GIT_CONFIG_NOSYSTEM=1; git() { command git -c user.name=n -c user.email=e@e -c commit.gpgsign=false \"$@\"; }";
        MakeTree();
        Shell.Script(_host.Path, $"{Git}; cd tree; git init -q; git add .; git commit -qm one; echo more > file-1; git commit -qam two");
        Shell.Script(Mount.Root, $"""
            {Git}
            git clone -q --no-hardlinks {_host.File("tree")} clone
            cd clone
            git fsck --strict --no-dangling
            test -z "$(git status --porcelain)"
            git mv file-2 moved
            echo new > file-3
            git commit -qam three
            git gc -q
            git fsck --strict --no-dangling
            test "$(git rev-list --count HEAD)" = 3
            git checkout -q HEAD~2
            test -e file-2
            """);
    }

    [MountedFact]
    public void EditorSave_ByRenamingOver_KeepsOneWholeFile()
    {
        Posix.Create(Mount["text"], "before"u8.ToArray());
        for (int round = 0; round < 20; round++)
        {
            byte[] content = new byte[round * 1000];
            content.AsSpan().Fill((byte)round);
            int file = Posix.Open(Mount[".text.swp"], Posix.ReadWriteNew);
            Posix.WriteAt(file, 0, content);
            Posix.Ok(Syscall.fsync(file));
            Posix.Close(file);
            Posix.Ok(Stdlib.rename(Mount[".text.swp"], Mount["text"]));
            Assert.Equal(content, Posix.ReadAll(Mount["text"]));
            Assert.Equal(["text"], Posix.List(Mount.Root));
        }
    }

    [MountedFact]
    public void Dd_WithFsyncAndDirect_WritesEveryByte()
    {
        Shell.Script(Mount.Root, $"""
            head -c 5000000 /dev/urandom > {_host.File("source")}
            dd if={_host.File("source")} of=synced bs=64k conv=fsync status=none
            cmp {_host.File("source")} synced
            dd if={_host.File("source")} of=direct bs=1M oflag=direct,append conv=notrunc iflag=fullblock count=4 status=none
            cmp -n 4194304 {_host.File("source")} direct
            dd if=direct of=back bs=1M iflag=direct status=none
            cmp direct back
            dd if=/dev/zero of=direct bs=4k seek=10 count=1 oflag=direct conv=notrunc status=none
            test "$(stat -c %s direct)" = 4194304
            cp --sparse=always direct sparse
            cmp direct sparse
            """);
    }

    /// <summary>Some hundred files of all kinds in <c>tree</c>.</summary>
    private void MakeTree() => Shell.Script(_host.Path, """
        mkdir tree && cd tree
        for d in a b c; do
          mkdir -p "$d/deep/er" "$d/empty dir"
          i=0
          while [ $i -lt 100 ]; do
            echo "$d $i" > "$d/deep/er/f$i"
            i=$((i + 1))
          done
        done
        for i in 1 2 3 4 5; do head -c $((i * 7000)) /dev/urandom > file-$i; done
        ln file-1 hard; ln -s file-1 soft; ln -s nowhere dangling
        chmod 4711 file-2; chmod 400 file-3; chmod 1777 'a/empty dir'
        mkfifo fifo
        touch -d '1969-12-31 23:59:58.5' file-4; touch -d '2100-01-01 00:00:00.123456789' a/deep/er/f7
        truncate -s 3M hole
        """);
}
