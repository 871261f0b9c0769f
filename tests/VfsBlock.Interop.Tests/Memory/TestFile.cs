using Microsoft.Win32.SafeHandles;
using VfsBlock.TestKit;

namespace VfsBlock.Interop.Tests;

/// <summary>A file of known content in a directory of its own, open for reading and writing; gone on dispose.</summary>
internal sealed class TestFile : IDisposable
{
    private readonly TempDirectory _directory;

    /// <param name="lengthBytes">Size; byte i holds <see cref="Pattern"/>(i).</param>
    /// <param name="parent">Where; the system's temporary folder unless told.</param>
    public TestFile(int lengthBytes, string? parent = null)
    {
        _directory = new TempDirectory(parent);
        Path = _directory.File("data");
        Content = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++)
        {
            Content[i] = Pattern(i);
        }

        File.WriteAllBytes(Path, Content);
        Handle = Open();
    }

    /// <summary>The bytes the file was made with.</summary>
    public byte[] Content { get; }

    public SafeFileHandle Handle { get; }

    public string Path { get; }

    /// <summary>How many mappings of the file this process has.</summary>
    public int MappingCount => File.ReadLines("/proc/self/maps").Count(line => line.Contains(Path, StringComparison.Ordinal));

    /// <summary>How many descriptors of the file this process has.</summary>
    public int DescriptorCount =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(entry => new FileInfo(entry).LinkTarget == Path);

    /// <summary>A byte that differs between neighbours and between pages.</summary>
    public static byte Pattern(long offset) => (byte)((offset * 31) + (offset >> 12) + 7);

    public SafeFileHandle Open(FileAccess access = FileAccess.ReadWrite) =>
        File.OpenHandle(Path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>What the file holds now, by read(2) through another descriptor.</summary>
    public byte[] ReadBack() => File.ReadAllBytes(Path);

    public void Truncate(long lengthBytes) => RandomAccess.SetLength(Handle, lengthBytes);

    public void Dispose()
    {
        Handle.Dispose();
        _directory.Dispose();
    }
}
