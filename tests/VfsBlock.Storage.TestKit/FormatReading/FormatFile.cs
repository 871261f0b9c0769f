namespace FormatReading;

/// <summary>An inode as an image has it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="LinkCount">How many names it has.</param>
/// <param name="Flags">Section 4.3.</param>
/// <param name="ModifySeconds">When its content was last changed, in seconds since 1970.</param>
/// <param name="Content">The bytes of a file, or where a symbolic link leads; otherwise empty.</param>
/// <param name="Xattrs">Extended attributes by name (bytes as Latin-1).</param>
public sealed record FormatFile(
    ulong Number, uint Mode, uint LinkCount, uint Flags, long ModifySeconds, byte[] Content, IReadOnlyDictionary<string, byte[]> Xattrs);
