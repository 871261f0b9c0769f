namespace VfsBlock.Interop.Tests;

/// <summary>Lists of pieces over native memory.</summary>
internal static class IoVecs
{
    /// <summary>The buffer cut into pieces of one length; the last may be shorter.</summary>
    public static IoVec[] Cut(NativeBuffer buffer, int pieceBytes)
    {
        var pieces = new IoVec[(buffer.Length + pieceBytes - 1) / pieceBytes];
        for (int index = 0; index < pieces.Length; index++)
        {
            int offset = index * pieceBytes;
            pieces[index] = new IoVec(buffer, offset, Math.Min(pieceBytes, buffer.Length - offset));
        }

        return pieces;
    }

    /// <summary>The same memory again and again: many bytes to move, little to hold.</summary>
    public static IoVec[] Repeat(NativeBuffer buffer, int count)
    {
        var pieces = new IoVec[count];
        Array.Fill(pieces, new IoVec(buffer));
        return pieces;
    }

    /// <summary>Native memory that holds these bytes.</summary>
    public static NativeBuffer Holding(ReadOnlySpan<byte> bytes)
    {
        var buffer = new NativeBuffer(bytes.Length);
        bytes.CopyTo(buffer.Span);
        return buffer;
    }
}
