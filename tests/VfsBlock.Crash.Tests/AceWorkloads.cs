namespace VfsBlock.Storage.Tests;

/// <summary>
/// The operations that short sequences are made of, on a small tree: directories A, B and A/C; files foo (a few bytes), A/foo (three blocks) and A/C/foo (with
/// attributes). After Mohan and others, "Finding Crash-Consistency Bugs with Bounded Black-Box Crash Testing" (OSDI 2018), whose name for it is ACE.
/// </summary>
internal static class AceWorkloads
{
    public static VolumeFormat Format { get; } = new() { LogBytes = VolumeFormat.MinLogBytes, SizeLimitBytes = 64 << 20, Owner = VolumeActor.Owner };

    public static VolumeOptions Options { get; } = new()
    {
        WriteBufferBytes = VolumeOptions.MinWriteBufferBytes,
        LogBatchBytes = VolumeOptions.MinLogBatchBytes,
        File = new BlockFileOptions { FrameMemoryBytes = VolumeOptions.MinFrameMemoryBytes },
    };

    public static Operation[] Setup { get; } =
    [
        new(OperationKind.MakeDirectory, "A"),
        new(OperationKind.MakeDirectory, "B"),
        new(OperationKind.MakeDirectory, "A/C"),
        new(OperationKind.Create, "foo"),
        new(OperationKind.Write, "foo", Length: 300),
        new(OperationKind.Create, "A/foo"),
        new(OperationKind.Write, "A/foo", Length: 12000),
        new(OperationKind.SetXattr, "A/foo", "user.old", Length: 40),
    ];

    /// <summary>What a sequence is made of; most are one operation.</summary>
    public static Operation[][] Actions { get; } =
    [
        [new(OperationKind.Create, "bar")],
        [new(OperationKind.Create, "A/C/foo")],
        [new(OperationKind.MakeDirectory, "A/bar")],
        [new(OperationKind.Symlink, "bar", Length: 30)],
        [new(OperationKind.Symlink, "B/bar", Length: 3000)],
        [new(OperationKind.MakeNode, "bar", Length: 0x103)],
        [new(OperationKind.Link, "foo", "A/bar")],
        [new(OperationKind.Link, "A/foo", "B/foo")],
        [new(OperationKind.Unlink, "foo")],
        [new(OperationKind.Unlink, "A/foo")],
        [new(OperationKind.RemoveDirectory, "A/C")],
        [new(OperationKind.RemoveDirectory, "B")],
        [new(OperationKind.Rename, "foo", "A/bar")],
        [new(OperationKind.Rename, "A/foo", "bar")],
        [new(OperationKind.Rename, "A/C", "B/C")],
        [new(OperationKind.Rename, "foo", "A/foo")],
        [new(OperationKind.Rename, "A/foo", "foo")],
        [new(OperationKind.Rename, "B", "A/C")],
        [new(OperationKind.RenameNoReplace, "foo", "bar")],
        [new(OperationKind.RenameWhiteout, "A/foo", "A/bar")],
        [new(OperationKind.Exchange, "foo", "A/foo")],
        [new(OperationKind.Exchange, "A", "foo")],
        [new(OperationKind.Exchange, "A/C", "B")],
        [new(OperationKind.Write, "foo", Offset: 100, Length: 500)],
        [new(OperationKind.Write, "bar", Length: 20000)],
        [new(OperationKind.Write, "A/foo", Offset: 4096, Length: 4096)],
        [new(OperationKind.Write, "A/foo", Offset: 3000, Length: 2000)],
        [new(OperationKind.Write, "A/foo", Offset: 50000, Length: 140000)],
        [new(OperationKind.Append, "foo", Length: 3000)],
        [new(OperationKind.Append, "A/foo", Length: 700)],
        [new(OperationKind.SetSize, "A/foo", Length: 5000)],
        [new(OperationKind.SetSize, "A/foo")],
        [new(OperationKind.SetSize, "foo", Length: 100)],
        [new(OperationKind.SetSize, "foo", Length: 9000)],
        [new(OperationKind.SetSize, "A/foo", Length: 30000)],
        [new(OperationKind.Allocate, "foo", Length: 9000)],
        [new(OperationKind.AllocateKeepingSize, "A/foo", Offset: 8192, Length: 20000)],
        [new(OperationKind.AllocateKeepingSize, "A/foo", Offset: 8192, Length: 20000), new(OperationKind.Write, "A/foo", Offset: 10000, Length: 9000)],
        [new(OperationKind.PunchHole, "A/foo", Offset: 4096, Length: 4096)],
        [new(OperationKind.PunchHole, "A/foo", Offset: 100, Length: 9000)],
        [new(OperationKind.ZeroRange, "A/foo", Offset: 6000, Length: 9000)],
        [new(OperationKind.ZeroRangeKeepingSize, "foo", Length: 200)],
        [new(OperationKind.CollapseRange, "A/foo", Offset: 4096, Length: 4096)],
        [new(OperationKind.InsertRange, "A/foo", Offset: 4096, Length: 8192)],
        [new(OperationKind.CopyRange, "A/foo", "foo", Length: 12000)],
        [new(OperationKind.CopyRange, "A/foo", "A/foo", Length: 8192, Target: 8192 + 4096)],
        [new(OperationKind.CopyRange, "A/foo", "foo", Offset: 1000, Length: 9000, Target: 5)],
        [new(OperationKind.SetAttributes, "foo", Offset: 0x1C0, Length: 77)],
        [new(OperationKind.SetAttributes, "A", Offset: 0x5FD, Length: 78)],
        [new(OperationKind.SetFlags, "A", Offset: 0xFF), new(OperationKind.Create, "A/bar")],
        [new(OperationKind.SetXattr, "foo", "user.new", Length: 20)],
        [new(OperationKind.SetXattr, "A/foo", "user.old", Length: 5000)],
        [new(OperationKind.RemoveXattr, "A/foo", "user.old")],
        [new(OperationKind.CreateTemporary, "A", "#t"), new(OperationKind.Write, "#t", Length: 6000), new(OperationKind.Link, "#t", "A/bar")],
        [new(OperationKind.Hold, "A/foo", "#h"), new(OperationKind.Unlink, "A/foo"), new(OperationKind.Write, "#h", Length: 5000)],
    ];

    /// <summary>What may follow an action: nothing, or something that makes it durable.</summary>
    public static Operation[][] Persistence { get; } = [[], [new(OperationKind.Sync)], [new(OperationKind.Checkpoint)]];

    /// <summary>Every sequence of so many actions, each with each kind of persistence behind it. A sequence that ends with none is part of a longer one, and left out.</summary>
    public static IEnumerable<Operation[]> Sequences(int length) =>
        from sequence in Continued(length)
        where sequence[^1].IsPersistence
        select sequence;

    private static IEnumerable<Operation[]> Continued(int length) =>
        length == 0 ? [[]] :
            from before in Continued(length - 1)
            from action in Actions
            from persistence in Persistence
            select (Operation[])[.. before, .. action, .. persistence];
}
