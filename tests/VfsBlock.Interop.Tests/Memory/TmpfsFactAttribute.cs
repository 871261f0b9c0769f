using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>A test on a tmpfs with a size limit: /dev/shm; skipped, with the reason, where it is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TmpfsFactAttribute : FactAttribute
{
    public const string Folder = "/dev/shm";

    public TmpfsFactAttribute()
    {
        if (!Directory.Exists(Folder) || new DriveInfo(Folder).DriveFormat != "tmpfs" || SizeBytes == 0)
        {
            Skip = $"{Folder} is not a tmpfs with a size limit";
        }
    }

    public static long SizeBytes => new DriveInfo(Folder).TotalSize;
}
