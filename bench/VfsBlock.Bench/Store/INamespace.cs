namespace VfsBlock.Bench;

/// <summary>One flat directory in some store. Names are 15 bytes, and a zero byte follows them in memory. For one thread.</summary>
/// <remarks>An operation that fails throws <see cref="BenchException"/>.</remarks>
internal interface INamespace : IDisposable
{
    /// <summary>How the tables call it.</summary>
    string Title { get; }

    /// <summary>Makes an empty file.</summary>
    void Create(ReadOnlySpan<byte> name);

    /// <summary>Finds a file and its attributes.</summary>
    void Lookup(ReadOnlySpan<byte> name);

    void Rename(ReadOnlySpan<byte> oldName, ReadOnlySpan<byte> newName);

    void Unlink(ReadOnlySpan<byte> name);

    /// <summary>Lists all names.</summary>
    /// <returns>How many.</returns>
    long List();

    /// <summary>Called before many files are made at once: a store that can batch may.</summary>
    void BeginFill();

    /// <summary>Called after many files were made at once. They are in their place when it returns.</summary>
    void EndFill();
}
