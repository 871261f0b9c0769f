namespace VfsBlock.Mounted.Tests;

/// <summary>A file system of this project, mounted for a test on a directory of its own and served by this process.</summary>
public interface ITestMount : IDisposable
{
    /// <summary>The root of the mount.</summary>
    string Root { get; }

    /// <summary>How many inodes there are: those that have a name or are in use.</summary>
    long InodeCount { get; }

    /// <summary>Bytes that the data of files takes.</summary>
    long UsedBytes { get; }

    /// <summary>A path in the mount.</summary>
    string this[string name] => Path.Combine(Root, name);
}
