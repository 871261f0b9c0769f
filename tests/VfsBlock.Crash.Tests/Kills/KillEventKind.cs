namespace VfsBlock.Storage.Tests;

/// <summary>What a <see cref="KillWorker"/> tells.</summary>
internal enum KillEventKind : byte
{
    /// <summary>It is about to open the image.</summary>
    Opening = 1,

    /// <summary>It has opened the image.</summary>
    Ready,

    /// <summary>A thread is about to do an operation.</summary>
    Begin,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>A thread is about to sync or to make a checkpoint.</summary>
    SyncBegin,

    /// <summary>That has succeeded.</summary>
    SyncDone,
}
