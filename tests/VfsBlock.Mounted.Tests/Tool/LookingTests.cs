using System.Text.Json;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary><c>vfsblock info</c>, <c>ls</c>, <c>cat</c>, <c>cp</c> and <c>completion</c>.</summary>
public sealed class LookingTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly string _image;

    public LookingTests()
    {
        _image = _directory.File("image");
        Directory.CreateDirectory(_directory.File("source"));
    }

    public void Dispose() => RichTree.Remove(_directory);

    [Fact]
    public void Info_OfAnImage_TellsWhatFormatMade()
    {
        Shell.Run(ToolMount.Program, "format", _image, "--label", "my label", "--size", "1g", "--log-size", "4m");
        JsonElement info = Info(_image);
        Assert.Equal("my label", info.GetProperty("label").GetString());
        Assert.NotEqual(Guid.Empty, info.GetProperty("uuid").GetGuid());
        Assert.Equal(1, info.GetProperty("formatVersion").GetInt32());
        Assert.Equal(1L << 30, info.GetProperty("sizeLimitBytes").GetInt64());
        Assert.Equal(4 << 20, info.GetProperty("logBytes").GetInt32());
        Assert.Equal(0, info.GetProperty("logUsedBytes").GetInt64());
        Assert.Equal(1, info.GetProperty("inodes").GetInt64());
        Assert.True(info.GetProperty("isClosed").GetBoolean());
        Assert.False(info.GetProperty("isInUse").GetBoolean());
        Assert.Equal(0, info.GetProperty("mountPoints").GetArrayLength());
        string text = Shell.Run(ToolMount.Program, "info", _image);
        Assert.Contains("my label", text, StringComparison.Ordinal);
        Assert.Contains("closed", text, StringComparison.Ordinal);
    }

    /// <summary>Everything in the file stays as it is, and space in use grows by what is imported.</summary>
    [Fact]
    public void Info_AfterAnImport_CountsIt()
    {
        ToolMount.Format(_image);
        JsonElement before = Info(_image);
        File.WriteAllBytes(_directory.File("source/file"), new byte[1 << 20].Select(static (_, index) => (byte)index).ToArray());
        Shell.Run(ToolMount.Program, "import", "--quiet", _image, _directory.File("source"));
        byte[] bytes = File.ReadAllBytes(_image);
        JsonElement after = Info(_image);
        Assert.Equal(bytes, File.ReadAllBytes(_image));
        Assert.Equal(2, after.GetProperty("inodes").GetInt64());
        Assert.InRange(after.GetProperty("usedBytes").GetInt64() - before.GetProperty("usedBytes").GetInt64(), 1 << 20, 2 << 20);
        Assert.True(after.GetProperty("generation").GetInt64() > before.GetProperty("generation").GetInt64());
    }

    [MountedFact]
    public void Info_OfAMount_SaysWhere()
    {
        using var mount = new ToolMount();
        Posix.Create(mount["f"], 1);
        foreach (string target in new[] { mount.Image, mount.Root })
        {
            JsonElement info = Info(target);
            Assert.Equal(mount.Image, info.GetProperty("image").GetString());
            Assert.Equal(mount.Root, info.GetProperty("mountPoints")[0].GetString());
            Assert.True(info.GetProperty("isInUse").GetBoolean());
            Assert.Equal(JsonValueKind.Null, info.GetProperty("logUsedBytes").ValueKind);
            Assert.Equal(2, info.GetProperty("inodes").GetInt64());
        }

        Assert.Contains($"mounted on {mount.Root}", Shell.Run(ToolMount.Program, "info", mount.Root), StringComparison.Ordinal);
        Assert.Equal(6, Shell.TryRun(ToolMount.Program, "info", _directory.Path).ExitCode);
    }

    /// <summary>A server that was killed leaves a log: looking replays it in memory and leaves the file alone.</summary>
    [MountedFact]
    public void Looking_AtAnImageThatWasNotClosed_SeesWhatItsLogHolds()
    {
        string image = "";
        using (var mount = new ToolMount())
        {
            Posix.Create(mount["f"], (byte)'x');
            int file = Posix.Open(mount["f"], Mono.Unix.Native.OpenFlags.O_RDWR);
            Posix.Ok(Mono.Unix.Native.Syscall.fsync(file));
            Posix.Ok(Mono.Unix.Native.Syscall.kill(mount.Server.Id, Mono.Unix.Native.Signum.SIGKILL));
            mount.WaitForExit();
            Mono.Unix.Native.Syscall.close(file);
            image = _image;
            File.Copy(mount.Image, image);
        }

        byte[] before = File.ReadAllBytes(image);
        JsonElement info = Info(image);
        Assert.False(info.GetProperty("isClosed").GetBoolean());
        Assert.True(info.GetProperty("logUsedBytes").GetInt64() > 0);
        Assert.Equal(2, info.GetProperty("inodes").GetInt64());
        Assert.Equal("x", Shell.Run(ToolMount.Program, "cat", image, "/f"));
        Assert.Equal(before, File.ReadAllBytes(image));
    }

    [Fact]
    public void Ls_OfATree_ListsAsLsDoes()
    {
        Shell.Script(_directory.File("source"), "mkdir d; printf hello >d/f; chmod 4640 d/f; ln -s d/f link; printf n >\"$(printf 'bad\\377')\"; touch -d '2020-01-02 03:04:05.000000006' d/f");
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _directory.File("source"));
        string[] top = Shell.Run(ToolMount.Program, "ls", _image).TrimEnd('\n').Split('\n');
        Assert.Equal(3, top.Length);
        Assert.EndsWith(" link -> d/f", top[2], StringComparison.Ordinal);
        Assert.Matches(@"^-rwS?r?", Shell.Run(ToolMount.Program, "ls", _image, "/d/f"));
        Assert.StartsWith("-rwSr-----", Shell.Run(ToolMount.Program, "ls", _image, "/d"), StringComparison.Ordinal);
        Assert.Contains(" d/f\n", Shell.Run(ToolMount.Program, "ls", "-R", _image), StringComparison.Ordinal);
        JsonElement[] all = [.. JsonDocument.Parse(Shell.Run(ToolMount.Program, "ls", "-R", "--json", _image)).RootElement.EnumerateArray()];
        Assert.Equal("YmFk/w==", all[0].GetProperty("pathBase64").GetString());
        JsonElement file = all.Single(entry => entry.GetProperty("path").GetString() == "d/f");
        Assert.Equal("4640", file.GetProperty("mode").GetString());
        Assert.EndsWith(".000000006", file.GetProperty("mtime").GetString(), StringComparison.Ordinal);
        ProgramRun absent = Shell.TryRun(ToolMount.Program, "ls", _image, "/no/such");
        Assert.Equal(1, absent.ExitCode);
        Assert.Contains("/no/such: ENOENT", absent.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Cat_OfSeveralFiles_JoinsThemAndTellsWhatIsMissing()
    {
        Shell.Script(_directory.File("source"), "mkdir d; printf one >a; printf two >d/b; ln -s /d link");
        Shell.Run(ToolMount.Program, "import", "--create", "--quiet", _image, _directory.File("source"));
        Assert.Equal("onetwo", Shell.Run(ToolMount.Program, "cat", _image, "a", "/link/../link/b"));
        ProgramRun run = Shell.TryRun(ToolMount.Program, "cat", _image, "/a", "/none", "/d/b", "/d");
        Assert.Equal((1, "onetwo"), (run.ExitCode, run.Output));
        Assert.Contains("/none: ENOENT", run.Errors, StringComparison.Ordinal);
        Assert.Contains("/d: EISDIR", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Cp_InAndOut_KeepsFilesAndNeedsRecursiveForDirectories()
    {
        ToolMount.Format(_image);
        Shell.Script(_directory.File("source"), "mkdir d; printf one >a; printf two >d/b; touch -d '2020-01-02 03:04:05.000000006' d/b");
        string image = $"{_image}:";
        Shell.Run(ToolMount.Program, "cp", "-q", _directory.File("source/a"), $"{image}/new");
        Assert.Equal(2, Shell.TryRun(ToolMount.Program, "cp", _directory.File("source/d"), $"{image}/").ExitCode);
        Shell.Run(ToolMount.Program, "cp", "-rq", _directory.File("source/d"), _directory.File("source/a"), $"{image}/");
        Assert.Equal("oneonetwo", Shell.Run(ToolMount.Program, "cat", _image, "/new", "/a", "/d/b"));
        Directory.CreateDirectory(_directory.File("out"));
        Assert.Equal(2, Shell.TryRun(ToolMount.Program, "cp", $"{image}/d", _directory.File("out")).ExitCode);
        Shell.Run(ToolMount.Program, "cp", "-r", "-q", $"{image}/d", $"{image}/a", _directory.File("out"));
        Shell.Run(ToolMount.Program, "cp", "-q", $"{image}/d/b", _directory.File("out/b2"));
        Assert.Equal("twotwo", Shell.Script(_directory.File("out"), "cat d/b b2"));
        Assert.Equal(Posix.Mtime(_directory.File("source/d/b")), Posix.Mtime(_directory.File("out/b2")));
        Assert.Equal(2, Shell.TryRun(ToolMount.Program, "cp", _directory.File("source/a"), _directory.File("out")).ExitCode);
        Assert.Equal(1, Shell.TryRun(ToolMount.Program, "cp", _directory.File("source/a"), $"{image}/no/such").ExitCode);
    }

    /// <summary>.NET makes text of what the command line says; these are no text.</summary>
    [Fact]
    public void Names_ThatAreNoText_GoThroughTheCommandLine()
    {
        Shell.Run("sh", "-ec", """
            cd "$1"; name=$(printf 'b\377d\303\244'); printf odd >"source/$name"
            "$2" import -q --create plain.img source; mv plain.img "$name.img"
            "$2" cat "$name.img" "/$name" >out && cmp out "source/$name"
            "$2" ls "$name.img" | grep -a -q " $name\$"
            mkdir there; "$2" cp -q "$name.img:/$name" there; cmp "there/$name" out
            "$2" cp -q "there/$name" "$name.img:/$name.2"; "$2" cat "$name.img" "/$name.2" | cmp - out
            "$2" cat "$name.img" "@no-such-file" 2>&1 | grep -q '@no-such-file: ENOENT'
            """, "sh", _directory.Path, ToolMount.Program);
    }

    [Fact]
    public void Completion_InBash_KnowsCommandsAndOptions()
    {
        string Complete(string line) => Shell.Run("bash", "-c", $$"""
            eval "$("$1" completion bash)"
            PATH=$(dirname "$1"):$PATH COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{line}}) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _vfsblock
            printf '%s\n' "${COMPREPLY[@]}"
            """, "bash", ToolMount.Program);
        Assert.Contains("import\n", Complete("vfsblock im"), StringComparison.Ordinal);
        Assert.Contains("--one-file-system\n", Complete("vfsblock import --o"), StringComparison.Ordinal);
        File.WriteAllText(_directory.File("some file"), "");
        Assert.Equal(_directory.File("some file\n"), Complete($"vfsblock import {_directory.File("some")}"));
    }

    private static JsonElement Info(string target) => JsonDocument.Parse(Shell.Run(ToolMount.Program, "info", "--json", target)).RootElement;
}
