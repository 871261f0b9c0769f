using VfsBlock.FileSystem;
using VfsBlock.Fuse;
using VfsBlock.Storage;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>A volume in a file, mounted. It is checked when the test is over.</summary>
public sealed class VolumeMount : ITestMount
{
    private readonly TempDirectory _directory = new();
    private readonly TempDirectory _images = new();
    private readonly FuseSession _session;
    private readonly VolumeFileSystem _fileSystem;

    /// <summary>Mounts an image with room for everybody's tests.</summary>
    public VolumeMount()
        : this(new VolumeFormat())
    {
    }

    /// <summary>Mounts a new image; set-user-id bits and devices mean something if root does it.</summary>
    public VolumeMount(VolumeFormat format, string mountOptions = "", VolumeFileSystemOptions? options = null)
    {
        string privileged = MountSupport.MayMount ? ",allow_other,suid,dev" : "";
        ImagePath = _images.File("image");
        Storage.Volume.Format(ImagePath, format with { Owner = new Credentials(Mono.Unix.Native.Syscall.geteuid(), Mono.Unix.Native.Syscall.getegid()) });
        Volume = Storage.Volume.Open(ImagePath);
        _fileSystem = new VolumeFileSystem(Volume, options);
        _session = FuseSession.Mount(
            _fileSystem, Root, MountOptionParser.Parse($"fsname=volume,default_permissions{privileged},{mountOptions}").RefuseUnknown());
    }

    public Volume Volume { get; }

    public string ImagePath { get; }

    public string Root => _directory.Path;

    public long InodeCount => (long)Volume.InodeCount;

    /// <inheritdoc/>
    /// <remarks>What was written and has no place yet gets one.</remarks>
    public long UsedBytes
    {
        get
        {
            Assert.Equal(Interop.Errno.None, Volume.Sync());
            VolumeStatistics statistics = Volume.GetStatistics();
            return (long)statistics.DataBlocks * statistics.BlockSizeBytes;
        }
    }

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose()
    {
        _session.Dispose();
        _fileSystem.Dispose();
        Volume.Dispose();
        CheckReport report;
        using (FileDevice device = FileDevice.Open(ImagePath, new FileDeviceOptions { IsReadOnly = true }))
        {
            report = VolumeChecker.Check(device, new CheckOptions { VerifiesData = true });
        }

        _images.Dispose();
        _directory.Dispose();
        Assert.Empty(report.Findings);
    }
}
