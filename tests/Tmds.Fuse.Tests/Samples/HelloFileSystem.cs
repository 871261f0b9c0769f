using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse.Tests;

/// <summary>One file that says hello, by paths as strings: the sample of interop/Tmds.Fuse/README.md.</summary>
public sealed class HelloFileSystem() : FuseFileSystemStringBase(Encoding.UTF8)
{
    private static readonly byte[] _content = "hello, world\n"u8.ToArray();

    public override int GetAttr(string path, ref stat stat, FuseFileInfoRef fiRef)
    {
        if (path == RootPath)
        {
            stat.st_mode = S_IFDIR | 0b111_101_101;
            stat.st_nlink = 2;
            return 0;
        }

        stat.st_mode = S_IFREG | 0b100_100_100;
        stat.st_nlink = 1;
        stat.st_size = _content.Length;
        return path == "/hello" ? 0 : -ENOENT;
    }

    public override int ReadDir(string path, ulong offset, ReadDirFlags flags, DirectoryContent content, ref FuseFileInfo fi)
    {
        content.AddEntry("hello");
        return 0;
    }

    public override int Read(string path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi)
    {
        ReadOnlySpan<byte> rest = _content.AsSpan((int)Math.Min(offset, (ulong)_content.Length));
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        return rest.Length;
    }
}
