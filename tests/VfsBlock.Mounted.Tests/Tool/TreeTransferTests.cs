using System.Diagnostics;
using System.Text;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary><c>vfsblock import</c> and <c>export</c>, by directories and tar streams. Nothing is mounted.</summary>
public sealed class TreeTransferTests : IDisposable
{
    private const string TarCreate = "tar -c --xattrs --xattrs-include='*' --acls --sparse";
    private const string TarExtract = "tar -x -p --numeric-owner --xattrs --xattrs-include='*' --acls";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly TempDirectory _directory = new();
    private readonly string _source;
    private readonly string _image;

    public TreeTransferTests()
    {
        _source = Make("source");
        _image = _directory.File("image");
    }

    public void Dispose() => RichTree.Remove(_directory);

    [Fact]
    public void Import_OfARichTree_ExportsTheSame()
    {
        RichTree.Make(_source);
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _source);
        Assert.EndsWith("clean\n", Shell.Run(ToolMount.Program, "check", _image), StringComparison.Ordinal);
        Shell.Run(ToolMount.Program, "export", "--quiet", _image, _directory.File("out"));
        Assert.Equal(RichTree.Describe(_source), RichTree.Describe(_directory.File("out")));
        Assert.InRange(RichTree.SpaceBytes(_directory.File("out/sparse")), 1, 1 << 20);
        Assert.Equal(0, RichTree.SpaceBytes(_directory.File("out/hole")));
    }

    [Fact]
    public void Import_OfWhatIsThereAlready_ReplacesIt()
    {
        RichTree.Make(_source);
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _source);
        Shell.Script(_source, "printf more >>d/file; rm pipe; printf now-a-file >pipe; setfattr -x user.binary d/file 2>/dev/null || true");
        Shell.Run(ToolMount.Program, "import", "--quiet", _image, _source);
        Assert.EndsWith("clean\n", Shell.Run(ToolMount.Program, "check", _image), StringComparison.Ordinal);
        string target = Make("out");
        File.WriteAllText(_directory.File("out/zero"), "something else");
        Shell.Run(ToolMount.Program, "export", "--quiet", _image, target);
        Assert.Equal(RichTree.Describe(_source), RichTree.Describe(target));
    }

    [Theory]
    [InlineData("--format=posix")]
    [InlineData("--format=posix --sparse-version=0.1")]
    [InlineData("--format=posix --sparse-version=0.0")]
    public void Import_OfGnuTarsStream_IsTheTree(string format)
    {
        RichTree.Make(_source);
        Shell.Run("sh", "-ec", $"{TarCreate} {format} -C \"$1\" . | \"$2\" import --create --quiet \"$3\" - --to /deep/er", "sh", _source, ToolMount.Program, _image);
        Shell.Run(ToolMount.Program, "export", "--quiet", "--from", "/deep/er", _image, _directory.File("out"));
        Assert.Equal(RichTree.Describe(_source), RichTree.Describe(_directory.File("out")));
    }

    /// <summary>The old format has whole seconds, and neither attributes nor lists.</summary>
    [Fact]
    public void Import_OfGnuTarsOldStream_IsTheTree()
    {
        RichTree.Make(_source);
        Shell.Script(_source, "find . -exec touch -h -d '2020-02-02 02:02:02' {} +");
        Shell.Run("sh", "-ec", "tar -c --format=gnu --sparse -C \"$1\" . | gzip >\"$2\"", "sh", _source, _directory.File("tar.gz"));
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _directory.File("tar.gz"));
        Shell.Run(ToolMount.Program, "export", "--quiet", _image, _directory.File("out"));
        string same = Make("same");
        Shell.Script(_directory.Path, "gzip -dc tar.gz | tar -x -p --numeric-owner -C same");
        Assert.Equal(RichTree.Describe(same), RichTree.Describe(_directory.File("out")));
    }

    [Fact]
    public void Export_ToATarStream_GnuTarUnpacksTheTree()
    {
        RichTree.Make(_source);
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _source);
        string target = Make("out");
        Shell.Run("sh", "-ec", $"\"$1\" export --quiet \"$2\" - | {TarExtract} -C \"$3\"", "sh", ToolMount.Program, _image, target);
        Assert.Equal(RichTree.Describe(_source), RichTree.Describe(target));
        Assert.InRange(RichTree.SpaceBytes(_directory.File("out/sparse")), 1, 1 << 20);

        Shell.Run(ToolMount.Program, "export", "--quiet", _image, _directory.File("own.tar"));
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _directory.File("second"), _directory.File("own.tar"));
        Shell.Run(ToolMount.Program, "export", "--quiet", _directory.File("second"), _directory.File("again"));
        Assert.Equal(RichTree.Describe(_source), RichTree.Describe(_directory.File("again")));
    }

    [RootFact]
    public void Export_AsAnOrdinaryUser_TellsOnceWhatCannotBeSetAndGoesOn()
    {
        RichTree.Make(_source);
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _source);
        string target = Make("out");
        ProgramRun run = WithoutPower(ToolMount.Program, "export", "--quiet", _image, target);
        Assert.True(run.ExitCode == 9, $"{run.ExitCode}: {run.Errors}");
        Assert.Single(run.Errors.Split('\n'), line => line.Contains("owners could not be kept", StringComparison.Ordinal));
        Assert.Contains("null: cannot make it: EPERM", run.Errors, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_source, "big")), File.ReadAllBytes(Path.Combine(target, "big")));
        Assert.Equal("751", Shell.Script(target, "stat -c %a big").Trim());
        Assert.Equal("hello", File.ReadAllText(Path.Combine(target, "d/e/hard")));
    }

    [RootFact]
    public void Import_AsAnOrdinaryUser_LeavesOutWhatCannotBeReadAndKeepsTheRest()
    {
        RichTree.Make(_source);
        ProgramRun run = WithoutPower(ToolMount.Program, "import", "--create", "--quiet", _image, _source);
        Assert.True(run.ExitCode == 9, $"{run.ExitCode}: {run.Errors}");
        Assert.Contains("d/file: cannot read it: EACCES", run.Errors, StringComparison.Ordinal);
        string listing = Shell.Run(ToolMount.Program, "ls", "-R", _image);
        Assert.Contains(" 259, 1048575 ", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("d/file", listing, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_OfWhatIsNoTar_SaysSo()
    {
        File.WriteAllText(_directory.File("text"), new string('x', 5000));
        ProgramRun text = Shell.TryRun(ToolMount.Program, "import", "--create", _image, _directory.File("text"));
        Assert.Equal(1, text.ExitCode);
        Assert.Contains("it is none", text.Errors, StringComparison.Ordinal);
        Shell.Script(_directory.Path, "printf hello >source/file; tar -c -C source . | head -c 1200 >cut");
        ProgramRun cut = Shell.TryRun(ToolMount.Program, "import", _image, _directory.File("cut"));
        Assert.Equal(1, cut.ExitCode);
        Assert.Contains("ends", cut.Errors, StringComparison.Ordinal);
        Assert.Equal(1, Shell.TryRun(ToolMount.Program, "import", _image, _directory.File("absent")).ExitCode);
        Assert.Equal(7, Shell.TryRun(ToolMount.Program, "import", _directory.File("none"), _source).ExitCode);
    }

    /// <summary>The map of holes precedes the data: how many runs, then offset and length of each.</summary>
    [Theory]
    [InlineData("9999999999\n")]
    [InlineData("no number")]
    [InlineData("2\n4096\n1\n0\n1\n")]
    [InlineData("1\n0\n9223372036854775807\n")]
    [InlineData("1\n0\n3\n")]
    public void Import_OfAMapOfHolesThatMakesNoSense_IsRefused(string map)
    {
        using (FileStream tar = File.Create(_directory.File("t.tar")))
        {
            WriteEntry(tar, 'x', Encoding.ASCII.GetBytes("22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n28 GNU.sparse.realsize=8192\n"));
            WriteEntry(tar, '0', [.. Encoding.ASCII.GetBytes(map.PadRight(512, '\0')), .. new byte[8]]);
        }

        ProgramRun run = Shell.TryRun(ToolMount.Program, "import", "--create", "--quiet", _image, _directory.File("t.tar"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("map of holes", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_NamesThatLeadOutside_AreLeftOut()
    {
        Shell.Script(_directory.Path, "printf in >source/file; mkdir deep; printf out >deep/evil; tar -c -f t.tar -P --transform 's,^deep/evil,../../evil,' -C source file -C .. deep/evil");
        ProgramRun run = Shell.TryRun(ToolMount.Program, "import", "--create", "--quiet", _image, _directory.File("t.tar"));
        Assert.Equal(9, run.ExitCode);
        Assert.Contains("leads outside", run.Errors, StringComparison.Ordinal);
        Assert.Equal("in", Shell.Run(ToolMount.Program, "cat", _image, "/file"));
        Assert.DoesNotContain("evil", Shell.Run(ToolMount.Program, "ls", "-R", _image), StringComparison.Ordinal);
    }

    /// <summary>An image may hold a link, and a later export a directory of that name.</summary>
    [Fact]
    public void Export_ThroughALinkThatIsThere_WritesNothingBehindIt()
    {
        string target = Make("out");
        string outside = Make("outside");
        Directory.CreateDirectory(Path.Combine(_source, "d"));
        File.WriteAllText(Path.Combine(_source, "d/file"), "x");
        File.CreateSymbolicLink(Path.Combine(target, "d"), outside);
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _source);
        ProgramRun run = Shell.TryRun(ToolMount.Program, "export", "--quiet", _image, target);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.Equal(9, run.ExitCode);
    }

    [Fact]
    public void Import_Interrupted_LeavesASoundImageWithItsFirstPart()
    {
        ToolMount.Format(_image);
        File.WriteAllText(Path.Combine(_source, "first"), "x");
        Shell.Script(_directory.Path, "tar -c -f t.tar -C source first");
        using Process process = Process.Start(new ProcessStartInfo(ToolMount.Program, ["import", _image, "-"]) { RedirectStandardInput = true, RedirectStandardError = true })!;

        // Its end mark does not come: the command waits for more.
        process.StandardInput.BaseStream.Write(File.ReadAllBytes(_directory.File("t.tar")).AsSpan(0, 1024));
        process.StandardInput.BaseStream.Flush();
        Assert.True(SpinWait.SpinUntil(() => CatchesInterrupt(process.Id), _patience));
        Posix.Ok(Mono.Unix.Native.Syscall.kill(process.Id, Mono.Unix.Native.Signum.SIGINT));
        Assert.True(process.WaitForExit(_patience), "it does not end");
        Assert.Equal(130, process.ExitCode);
        Assert.EndsWith("clean\n", Shell.Run(ToolMount.Program, "check", _image), StringComparison.Ordinal);
    }

    [Fact]
    public void Import_OfADirectoryWithTheImageInIt_LeavesTheImageOut()
    {
        string inside = Path.Combine(_source, "image");
        File.WriteAllText(Path.Combine(_source, "file"), "x");
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", inside, _source);
        string listing = Shell.Run(ToolMount.Program, "ls", inside);
        Assert.Contains(" file\n", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("image", listing, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_IntoAFullImage_SaysSoAndLeavesItSound()
    {
        Shell.Run(ToolMount.Program, "format", _image, "--size", "16m", "--log-size", "2m");
        File.WriteAllBytes(Path.Combine(_source, "large"), new byte[20 << 20].Select(static (_, index) => (byte)(index * 31)).ToArray());
        ProgramRun run = Shell.TryRun(ToolMount.Program, "import", "--quiet", _image, _source);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("ENOSPC", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("clean\n", Shell.Run(ToolMount.Program, "check", _image), StringComparison.Ordinal);
    }

    [MountedFact]
    public void Commands_OnAnImageThatIsMounted_AreRefused()
    {
        using var mount = new ToolMount();
        string[][] commands =
        [
            ["import", mount.Image, _source], ["export", mount.Image, _source], ["ls", mount.Image], ["cat", mount.Image, "/f"],
            ["cp", ToolMount.Program, $"{mount.Image}:/"], ["cp", $"{mount.Image}:/f", _source],
        ];
        foreach (string[] command in commands)
        {
            ProgramRun run = Shell.TryRun(ToolMount.Program, command);
            Assert.True(run.ExitCode == 7, $"'{string.Join(' ', command)}' ended with {run.ExitCode}: {run.Errors}");
            Assert.Contains("Another process or mount has it", run.Errors, StringComparison.Ordinal);
        }
    }

    private static void WriteEntry(FileStream tar, char type, byte[] data)
    {
        byte[] header = new byte[512];
        Encoding.ASCII.GetBytes("name", header);
        Encoding.ASCII.GetBytes("0000644", header.AsSpan(100));
        Encoding.ASCII.GetBytes(Convert.ToString(data.Length, 8).PadLeft(11, '0'), header.AsSpan(124));
        Encoding.ASCII.GetBytes("        ", header.AsSpan(148));
        header[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000", header.AsSpan(257));
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(letter => letter), 8).PadLeft(6, '0'), header.AsSpan(148));
        header[154] = 0;
        tar.Write(header);
        tar.Write(data);
        tar.Write(new byte[-data.Length & 511]);
    }

    /// <summary>True once the process catches SIGINT: before, it would die of it.</summary>
    private static bool CatchesInterrupt(int process)
    {
        const string Field = "SigCgt:";
        string line = File.ReadLines($"/proc/{process}/status").First(candidate => candidate.StartsWith(Field, StringComparison.Ordinal));
        return (Convert.ToUInt64(line[Field.Length..].Trim(), 16) & 2) != 0;
    }

    // Root without capabilities is an ordinary user who owns what root owns, and gets to the program wherever the checkout lies.
    private static ProgramRun WithoutPower(params string[] command) => Shell.TryRun("setpriv", ["--bounding-set=-all", "--inh-caps=-all", .. command]);

    private string Make(string name)
    {
        Directory.CreateDirectory(_directory.File(name));
        return _directory.File(name);
    }
}
