using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>What <c>install.sh</c> puts where mount(8), fstab(5) and systemd look, and that they take it.</summary>
public sealed class MountHelperTests : IDisposable
{
    // The helper must lie in /sbin, where mount(8) looks; so that this machine's stays as it is, only these scripts see another one.
    private const string OwnSbin = """
        mount --make-rprivate /
        sbin=$(readlink -f /sbin)
        mkdir "$1/old" "$1/new" "$1/dir"
        mount --bind "$sbin" "$1/old"
        for file in "$1"/old/*; do ln -s "$file" "$1/new/"; done
        cp "$1"/sbin/* "$1/new/"
        mount --bind "$1/new" "$sbin"
        export XDG_STATE_HOME=$1/state
        cd "$1"
        is_mounted() { findmnt -rn "$PWD/dir" >/dev/null; }
        trap 'umount -l "$PWD/dir" 2>/dev/null || true' EXIT

        """;

    private readonly TempDirectory _directory = new();

    public MountHelperTests() => Shell.Run(
        Path.Combine(Checkout.Root, "install.sh"), "--program", AppContext.BaseDirectory, "--prefix", _directory.File("usr"), "--sbin", _directory.File("sbin"));

    private string Program => _directory.File("usr/bin/vfsblock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Install_IntoADirectory_PutsAllThereAndTakesItAway()
    {
        Assert.Contains("vfsblock", Shell.Run(Program, "--help"), StringComparison.Ordinal);
        string[] files = ["usr/share/man/man1/vfsblock.1", "usr/share/bash-completion/completions/vfsblock", "sbin/mount.vfsblock", "sbin/umount.fuse.vfsblock"];
        Assert.All(files, file => Assert.True(File.Exists(_directory.File(file)), file));
        Shell.Run(Path.Combine(Checkout.Root, "install.sh"), "--uninstall", "--prefix", _directory.File("usr"), "--sbin", _directory.File("sbin"));
        Assert.Empty(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(2, Shell.TryRun(Path.Combine(Checkout.Root, "install.sh"), "--no-such-option").ExitCode);
    }

    /// <summary>Nothing is mounted by these.</summary>
    [Fact]
    public void Helper_ItsArguments_AreThoseOfMount8()
    {
        string helper = _directory.File("sbin/mount.vfsblock");
        Assert.Equal(1, Shell.TryRun(helper).ExitCode);
        Assert.Equal(1, Shell.TryRun(helper, "image").ExitCode);
        Assert.Equal(1, Shell.TryRun(helper, "image", "dir", "-z").ExitCode);
        string fake = Shell.Run(helper, "image", "dir", "-sfnv", "-t", "fuse.vfsblock", "-o", "rw,nofail", "-r");
        Assert.Contains("mount image dir -o sloppy,rw,nofail,ro", fake, StringComparison.Ordinal);
        Assert.Equal(32, Shell.TryRun(helper, _directory.File("absent"), _directory.Path).ExitCode);
        Assert.Equal(1, Shell.TryRun(helper, _directory.File("absent"), _directory.Path, "-o", "no_such_option").ExitCode);
        Assert.Equal(32, Shell.TryRun(helper, _directory.File("absent"), _directory.Path, "-s", "-o", "no_such_option").ExitCode);
    }

    [DirectMountFact]
    public void Mount_OfTheType_MountsAndUmountWaits() => RunWithOwnSbin("""
        usr/bin/vfsblock format image
        mount -t vfsblock -o defaults,nofail,_netdev,users,comment=x,x-systemd.automount,X-other=1 image dir
        is_mounted
        echo hello >dir/file
        umount dir
        ! is_mounted
        test "$(usr/bin/vfsblock cat image /file)" = hello
        mount -v -t vfsblock -o ro image dir
        ! touch dir/other 2>/dev/null
        usr/bin/vfsblock info dir | grep -q "mounted on $PWD/dir"
        umount dir
        mount -f -t vfsblock image dir
        ! is_mounted
        set +e
        mount -t vfsblock absent dir 2>errors
        test $? -eq 32 || exit 1
        grep -q "cannot open" errors
        """);

    [DirectMountFact]
    public void Mount_OfALineInFstab_MountsOnceAndIsUnmounted() => RunWithOwnSbin("""
        usr/bin/vfsblock format image
        printf '%s %s vfsblock defaults,noatime,acl,nofail 0 0\n' "$PWD/image" "$PWD/dir" >fstab
        mount --fstab fstab --all
        mount --fstab fstab --all
        test "$(findmnt -rn "$PWD/dir" | wc -l)" -eq 1
        echo hello >dir/file
        umount dir
        mount --fstab fstab "$PWD/dir"
        test "$(cat dir/file)" = hello
        umount dir
        ! is_mounted
        usr/bin/vfsblock check image
        """);

    [ProgramFact("systemd-analyze", "systemd-analyze is missing; as root: apt-get install -y systemd")]
    public void Unit_OfSystemd_IsSound() => Shell.Run("sh", "-ec", """
        cd "$1"
        unit=$(systemd-escape --path --suffix=mount /srv/a-b)
        printf '[Unit]\nDescription=Data\n[Mount]\nWhat=/srv/data.img\nWhere=/srv/a-b\nType=vfsblock\nOptions=nofail,acl\n[Install]\nWantedBy=multi-user.target\n' >"$unit"
        systemd-analyze verify --man=no "./$unit"
        """, "sh", _directory.Path);

    private void RunWithOwnSbin(string script)
    {
        ProgramRun run = Shell.TryRun("unshare", "--mount", "sh", "-ec", OwnSbin + script, "sh", _directory.Path);
        Assert.True(run.ExitCode == 0, $"{run.ExitCode}:\n{run.Output}{run.Errors}");
    }
}
