namespace VfsBlock.Interop;

/// <content>Cursors.</content>
public sealed partial class HostFile
{
    /// <summary>Rents a reader and writer that starts at a position and moves along; dispose it to give it back.</summary>
    /// <param name="positionBytes">Where it starts, 0 or more.</param>
    /// <param name="flags">
    /// What each of its transfers shall promise. With <see cref="RwFlags.Append"/> the data goes to the file's end, and
    /// the position only counts the bytes.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative.</exception>
    public FileCursor RentCursor(long positionBytes, RwFlags flags = RwFlags.None)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(positionBytes);
        return new FileCursor(this, positionBytes, isAtOwnPosition: false, flags);
    }

    /// <summary>Rents a reader and writer that uses the descriptor's own position, as pipes and sockets need.</summary>
    /// <param name="flags">What each of its transfers shall promise.</param>
    public FileCursor RentCursorNext(RwFlags flags = RwFlags.None) =>
        new(this, 0, isAtOwnPosition: true, flags);
}
