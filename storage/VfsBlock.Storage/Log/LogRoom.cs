namespace VfsBlock.Storage;

/// <summary>Whether a <see cref="LogBuffer"/> takes a transaction.</summary>
public enum LogRoom
{
    /// <summary>It does.</summary>
    Ok,

    /// <summary>Not before the next cut: write a batch (a flush is not needed), or make a checkpoint.</summary>
    Full,

    /// <summary>Never: no batch is that long.</summary>
    TooLarge,
}
