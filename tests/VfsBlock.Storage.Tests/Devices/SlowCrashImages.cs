using System.Security.Cryptography;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>All images without torn writes, found the slow and obvious way: at every moment, every subset, built from nothing.</summary>
internal static class SlowCrashImages
{
    public static HashSet<string> All(SimDisk disk, long initialBytes)
    {
        var images = new HashSet<string>();
        for (int moment = 0; moment <= disk.Events.Count; moment++)
        {
            List<SimEvent> past = [.. disk.Events.Take(moment)];
            int flush = past.FindLastIndex(entry => entry.Kind == SimEventKind.Flush);
            List<SimEvent> changes = [.. past.Where(entry => entry.Changes)];
            List<SimEvent> open = [.. changes.Where(change => change.CompletedAt >= flush)];
            for (int subset = 0; subset < 1 << open.Count; subset++)
            {
                images.Add(Build(changes.Where(change => !open.Contains(change) || ((subset >> open.IndexOf(change)) & 1) == 1), initialBytes));
            }
        }

        return images;
    }

    public static string Name(byte[] bytes) => $"{bytes.Length}:{Convert.ToHexString(SHA256.HashData(bytes))}";

    private static string Build(IEnumerable<SimEvent> changes, long initialBytes)
    {
        byte[] bytes = new byte[initialBytes];
        foreach (SimEvent change in changes)
        {
            if (change.Kind == SimEventKind.Resize)
            {
                Array.Resize(ref bytes, (int)change.OffsetBytes);
                continue;
            }

            for (int index = 0; index < change.LengthBytes && change.OffsetBytes + index < bytes.Length; index++)
            {
                bytes[change.OffsetBytes + index] = change.Kind == SimEventKind.Write ? change.Data[index] : (byte)0;
            }
        }

        return Name(bytes);
    }
}
