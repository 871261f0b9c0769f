using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>
/// A file to read and write, and memory for it. On a tmpfs where there is one: the figures are to show what a call
/// costs, and a disk would drown that. It has no name once it is open, so nothing stays behind however the bench ends.
/// </summary>
/// <remarks>Owns the descriptor and the memory. For one thread.</remarks>
internal sealed class ScratchFile : IDisposable
{
    public const int SizeBytes = 1 << 20;

    private const string MemoryDirectory = "/dev/shm";

    public ScratchFile()
    {
        string directory = Directory.Exists(MemoryDirectory) ? MemoryDirectory : Path.GetTempPath();
        string path = Path.Combine(directory, $"vfsblock-bench-{Guid.NewGuid():N}");
        File.WriteAllBytes(path, new byte[SizeBytes]);
        Host = HostFile.Open(path, OpenFlags.ReadWrite);
        File.Delete(path);
    }

    public HostFile Host { get; }

    /// <summary>The number of the descriptor, for bare calls.</summary>
    public int Descriptor => (int)Host.Handle.DangerousGetHandle();

    /// <summary>Page-aligned memory, <see cref="SizeBytes"/> of it.</summary>
    public NativeBuffer Memory { get; } = new(SizeBytes);

    public void Dispose()
    {
        Host.Dispose();
        Memory.Dispose();
    }
}
