using VfsBlock.Fuse;

namespace VfsBlock.MemoryFileSystem;

/// <summary>Reads and sets the times inside a <see cref="FuseAttr"/>, whose seconds travel unsigned.</summary>
internal static class AttributeTimes
{
    private const long SecondsPerDay = 24 * 60 * 60;

    public static Timestamp Atime(this in FuseAttr attributes) => new((long)attributes.AtimeSeconds, attributes.AtimeNanoseconds);

    public static Timestamp Mtime(this in FuseAttr attributes) => new((long)attributes.MtimeSeconds, attributes.MtimeNanoseconds);

    public static Timestamp Ctime(this in FuseAttr attributes) => new((long)attributes.CtimeSeconds, attributes.CtimeNanoseconds);

    public static void SetAtime(this ref FuseAttr attributes, Timestamp time)
    {
        attributes.AtimeSeconds = (ulong)time.Seconds;
        attributes.AtimeNanoseconds = time.Nanoseconds;
    }

    public static void SetMtime(this ref FuseAttr attributes, Timestamp time)
    {
        attributes.MtimeSeconds = (ulong)time.Seconds;
        attributes.MtimeNanoseconds = time.Nanoseconds;
    }

    public static void SetCtime(this ref FuseAttr attributes, Timestamp time)
    {
        attributes.CtimeSeconds = (ulong)time.Seconds;
        attributes.CtimeNanoseconds = time.Nanoseconds;
    }

    /// <summary>The content changed: mtime and ctime from one reading of the clock.</summary>
    public static void SetChanged(this ref FuseAttr attributes, Timestamp time)
    {
        attributes.SetMtime(time);
        attributes.SetCtime(time);
    }

    /// <summary>
    /// The rule of relatime (mount(8)): a read is recorded if the last one recorded is older than the last change, or a
    /// day old.
    /// </summary>
    public static bool IsAtimeDue(this in FuseAttr attributes, Timestamp now) =>
        attributes.Atime().IsNotAfter(attributes.Mtime())
        || attributes.Atime().IsNotAfter(attributes.Ctime())
        || now.Seconds - attributes.Atime().Seconds >= SecondsPerDay;
}
