using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// The same random operations on the mount and on a directory of the machine's own file system: every answer must be
/// the same, errors included, and so must the trees at the end.
/// </summary>
public abstract class DifferentialRules<TMount>(ITestOutputHelper output) : MountRules<TMount>
    where TMount : ITestMount, new()
{
    private const int StepCount = 4000;
    private const int CompareEvery = 250;
    private static readonly string[] _names = ["a", "b", "c", "d", "e", "f"];
    private readonly TempDirectory _host = new();

    protected override void Dispose(bool isDisposing)
    {
        base.Dispose(isDisposing);
        _host.Dispose();
    }

    [MountedFact]
    public void Operations_AtRandom_AnswerAsTheHostDoes()
    {
        int seed = RandomSeed.Take(output);
        var random = new Random(seed);
        for (int step = 0; step < StepCount; step++)
        {
            (string description, Func<string, string> operation) = Next(random);
            string expected = operation(_host.Path);
            string actual = operation(Mount.Root);
            Assert.True(expected == actual, $"step {step} of seed {seed}: {description}: the host says {expected}, the mount {actual}");
            if (step % CompareEvery == 0)
            {
                Assert.True(Describe(_host.Path) == Describe(Mount.Root), $"after step {step} of seed {seed} the trees differ");
            }
        }

        Assert.Equal(Describe(_host.Path), Describe(Mount.Root));
    }

    /// <summary>An operation as a function of the root it works in, giving its answer as text.</summary>
    private static (string Description, Func<string, string> Operation) Next(Random random)
    {
        string path = RandomPath(random);
        string other = RandomPath(random);
        int size = random.Next(20_000);
        int mode = random.Next(8) == 0 ? random.Next(0x1000) | 0x1C0 : 0x1ED;
        byte fill = (byte)random.Next(256);
        return random.Next(16) switch
        {
            0 or 1 => ($"create {path}", root => Use(root, path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | (size % 2 == 0 ? OpenFlags.O_EXCL : 0), _ => 0)),
            2 or 3 => ($"write {path} {size}", root => Use(root, path, OpenFlags.O_WRONLY, file => Write(file, size, fill))),
            4 => ($"append {path} {size}", root => Use(root, path, OpenFlags.O_WRONLY | OpenFlags.O_APPEND, file => Write(file, size / 10, fill))),
            5 => ($"truncate {path} {size}", root => Answer(Native.truncate(Path.Combine(root, path), size))),
            6 => ($"empty {path}", root => Use(root, path, OpenFlags.O_WRONLY | OpenFlags.O_TRUNC, _ => 0)),
            7 or 8 => ($"mkdir {path}", root => Answer(Syscall.mkdir(Path.Combine(root, path), (FilePermissions)mode))),
            9 => ($"rmdir {path}", root => Answer(Syscall.rmdir(Path.Combine(root, path)))),
            10 => ($"unlink {path}", root => Answer(Syscall.unlink(Path.Combine(root, path)))),
            11 => ($"rename {path} {other}", root => Answer(Stdlib.rename(Path.Combine(root, path), Path.Combine(root, other)))),
            12 => ($"renameat2 {path} {other} {size % 3}", root => Answer(Native.renameat2(
                Native.CurrentDirectory, Path.Combine(root, path), Native.CurrentDirectory, Path.Combine(root, other), (uint)(size % 3)))),
            13 => ($"link {path} {other}", root => Answer(Syscall.link(Path.Combine(root, path), Path.Combine(root, other)))),
            14 => ($"symlink {other} {path}", root => Answer(Syscall.symlink(other, Path.Combine(root, path)))),
            _ => ($"chmod {path} {mode}", root => Answer(Syscall.chmod(Path.Combine(root, path), (FilePermissions)mode))),
        };
    }

    private static string RandomPath(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => _names[random.Next(_names.Length)]));

    private static string Use(string root, string path, OpenFlags flags, Func<int, long> use)
    {
        int file = Syscall.open(Path.Combine(root, path), flags, Posix.PublicFile);
        if (file < 0)
        {
            return Answer(file);
        }

        string answer = Answer(use(file));
        Posix.Close(file);
        return answer;
    }

    private static unsafe long Write(int file, int size, byte fill)
    {
        byte[] bytes = new byte[(size / 2) + 1];
        bytes.AsSpan().Fill(fill);
        fixed (byte* first = bytes)
        {
            return Syscall.pwrite(file, first, (ulong)bytes.Length, size);
        }
    }

    private static string Answer(long result) =>
        result == -1 ? Stdlib.GetLastError().ToString() : result.ToString(CultureInfo.InvariantCulture);

    /// <summary>Every name below with type, mode, links, size and content.</summary>
    private static string Describe(string root)
    {
        var text = new StringBuilder();
        Describe(root, "", text);
        return text.ToString();
    }

    private static void Describe(string root, string below, StringBuilder text)
    {
        foreach (string name in Posix.List(Path.Combine(root, below)).Order(StringComparer.Ordinal))
        {
            string relative = Path.Combine(below, name);
            string path = Path.Combine(root, relative);
            Stat stat = Posix.Stat(path);
            text.Append(CultureInfo.InvariantCulture, $"{relative} {(uint)stat.st_mode:x} ");
            text.AppendLine((stat.st_mode & FilePermissions.S_IFMT) switch
            {
                FilePermissions.S_IFREG => $"{stat.st_nlink} {stat.st_size} {Convert.ToHexString(SHA256.HashData(Posix.ReadAll(path)))}",
                FilePermissions.S_IFLNK => $"{stat.st_nlink} {Posix.ReadLink(path)}",
                _ => "",
            });
            if ((stat.st_mode & FilePermissions.S_IFMT) == FilePermissions.S_IFDIR)
            {
                Describe(root, relative, text);
            }
        }
    }
}
