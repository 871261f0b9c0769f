using System.Collections;

namespace VfsBlock.Storage.TestKit;

/// <summary>
/// Every image, within the options, that a power cut at any moment of a disk's record may leave. What a flush covered is there. Of the changes
/// since (writes, whether completed or not, resizes, discards) any may be there and any may not, applied in the order of submission;
/// a write may be there in part. The same record and options give the same images in the same order.
/// </summary>
/// <remarks>
/// One shared set of pages is patched from image to image, and patches are taken back only as far as the next image differs. One thread at
/// a time. Take the enumerator when the disk is quiet: events that come later are not looked at.
/// </remarks>
public sealed class CrashImages(SimDisk disk, CrashImageOptions? options = null) : IEnumerable<CrashImage>
{
    private readonly CrashImageOptions _options = options ?? new CrashImageOptions();

    /// <inheritdoc/>
    public IEnumerator<CrashImage> GetEnumerator()
    {
        IReadOnlyList<SimEvent> events = disk.Events;
        var stretch = new CrashStretch(disk.Initial, _options, events);
        foreach (SimEvent entry in events)
        {
            if (entry.Changes)
            {
                stretch.Add(entry);
            }
            else if (entry.Kind == SimEventKind.Flush)
            {
                foreach (CrashImage image in stretch.Images(disk.Options, entry.Position))
                {
                    yield return image;
                }

                stretch.Flush(entry.Position);
            }
        }

        foreach (CrashImage image in stretch.Images(disk.Options, events.Count))
        {
            yield return image;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
