using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using VfsBlock.Storage;

namespace VfsBlock.Bench;

/// <summary>What a volume of many files takes on the disk and in memory, and how long it takes to open after a crash with a full log.</summary>
internal sealed class VolumeFigures(StoreScratch scratch, string imagePath)
{
    /// <summary>A checkpoint begins by itself at a half.</summary>
    private const double FullLog = 0.48;

    private const int SliceCount = 200;

    private readonly Table _table = new Table().AddColumn("what").AddColumn(new TableColumn("value").RightAligned());

    public Table Table => _table;

    /// <summary>What the files' names and attributes take in the image; call it after everything was written to its place.</summary>
    public void AddMetadata(long emptyBytes, int fileCount)
    {
        using var image = new RawFile(imagePath, isDirect: false);
        double bytesPerFile = (double)(image.AllocatedBytes - emptyBytes) / fileCount;
        Add("metadata of a million files, on the disk", string.Create(CultureInfo.InvariantCulture, $"{bytesPerFile:F0} MB ({bytesPerFile:F0} bytes a file)"));
    }

    /// <summary>Opens the image as after a crash, with as many renames in the log as it takes before a checkpoint, and looks names up.</summary>
    /// <param name="store">The store over the image; it is synced, and a copy of its image recovered.</param>
    /// <param name="live">Files that are there.</param>
    public void AddRecovery(VolumeNamespace store, IReadOnlyList<ulong> live)
    {
        string copy = scratch.PathOf("crashed.img");
        long renameCount = FillLog(store, live);
        string fill = store.Volume.Image.LogFill.ToString("P0", CultureInfo.InvariantCulture);
        File.Copy(imagePath, copy);
        string what = $"{renameCount:N0} renames in the log ({fill} of its ring, full for a checkpoint), nothing of the image in memory";
        AddCold($"open for reading only after a crash, {what}", copy, new VolumeOptions { File = new BlockFileOptions { IsReadOnly = true } });
        AddCold($"open after a crash, {what}", copy, new VolumeOptions());
        File.Delete(copy);
    }

    private void AddCold(string what, string path, VolumeOptions options)
    {
        using (var image = new RawFile(path, isDirect: false))
        {
            image.Flush();
            image.DropCache();
        }

        ProcessMemory before = ProcessMemory.Now();
        long start = Stopwatch.GetTimestamp();
        using Volume volume = Volume.Open(path, options);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Add(what, string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F0} ms"));
        ProcessMemory used = ProcessMemory.Now() - before;
        Add("memory of the process's own after that", Megabytes(used.OwnBytes));
    }

    /// <summary>Opens the image, which nobody has open, with its usual options and looks every file up.</summary>
    public void AddMemory(IReadOnlyList<ulong> live)
    {
        ProcessMemory before = ProcessMemory.Now();
        long start = Stopwatch.GetTimestamp();
        using Volume volume = Volume.Open(imagePath);
        Add("open after it was closed", string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms"));
        VolumeNamespace.Check(volume.Lookup(InodeNumber.Root, "files"u8, out InodeEntry directory));
        Span<byte> buffer = stackalloc byte[FileNames.BufferBytes];
        start = Stopwatch.GetTimestamp();
        foreach (ulong number in live)
        {
            VolumeNamespace.Check(volume.Lookup(directory.Number, FileNames.Write(buffer, number), out _));
        }

        double microseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds / live.Count;
        Add("first lookup of every file after that, each", string.Create(CultureInfo.InvariantCulture, $"{microseconds:F2} us"));
        ProcessMemory used = ProcessMemory.Now() - before;
        Add($"memory after {live.Count:N0} lookups: of the process's own", Megabytes(used.OwnBytes));
        Add($"memory after {live.Count:N0} lookups: pages of the image, which the kernel may take back", Megabytes(used.MappedFileBytes));
    }

    private static long FillLog(VolumeNamespace store, IReadOnlyList<ulong> live)
    {
        VolumeNamespace.Check(store.Volume.Checkpoint());
        long count = 0;
        Span<byte> oldName = stackalloc byte[FileNames.BufferBytes];
        Span<byte> newName = stackalloc byte[FileNames.BufferBytes];
        while (store.Volume.Image.LogFill < FullLog)
        {
            for (int index = 0; index < SliceCount; index++, count++)
            {
                // There and back: what is there stays the same.
                ulong number = live[(int)(count / 2 * 7919 % live.Count)];
                FileNames.Write(count % 2 == 0 ? oldName : newName, number);
                FileNames.Write(count % 2 == 0 ? newName : oldName, number + (1UL << 50));
                store.Rename(oldName[..FileNames.LengthBytes], newName[..FileNames.LengthBytes]);
            }

            VolumeNamespace.Check(store.Volume.Sync());
        }

        return count;
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB");

    private void Add(string what, string value) => _table.AddRow(new Text(what), new Text(value));
}
