namespace VfsBlock.Fuse.Tests;

/// <summary>One request in bytes, and what it means.</summary>
/// <param name="Opcode">The operation.</param>
/// <param name="Header">The 40 bytes of the header.</param>
/// <param name="Argument">The argument struct, or nothing.</param>
/// <param name="Body">What follows.</param>
/// <param name="Means">As <see cref="RequestText"/> puts it.</param>
internal sealed record RequestVector(FuseOpcode Opcode, byte[] Header, byte[] Argument, byte[] Body, string Means)
{
    /// <summary>The request as read(2) gives it.</summary>
    public byte[] Message => [.. Header, .. Argument, .. Body];

    /// <summary>The same request with other bytes after the argument; the header's length says so.</summary>
    public RequestVector WithBody(ReadOnlySpan<byte> body) => WithLengths(Argument, body);

    /// <summary>The same request with another argument; the header's length says so.</summary>
    public RequestVector WithArgument(ReadOnlySpan<byte> argument) => WithLengths(argument, Body);

    /// <summary>The same request with one 32-bit number of the argument changed.</summary>
    public RequestVector WithArgumentField(int offsetBytes, uint value)
    {
        byte[] argument = [.. Argument];
        BitConverter.TryWriteBytes(argument.AsSpan(offsetBytes), value);
        return this with { Argument = argument };
    }

    /// <summary>The same request with extensions at its end.</summary>
    /// <param name="extensions">Their bytes, put after the body as they are.</param>
    /// <param name="units">What the header says of them, in units of 8 bytes.</param>
    public RequestVector WithExtensions(ReadOnlySpan<byte> extensions, int units)
    {
        RequestVector longer = WithBody([.. Body, .. extensions]);
        BitConverter.TryWriteBytes(longer.Header.AsSpan(36), (ushort)units);
        return longer;
    }

    public static RequestVector Parse(string text)
    {
        var opcode = Enum.Parse<FuseOpcode>(text.Split('\n')[0]);
        string[] words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        int[] starts = [.. new[] { "header", "argument", "body", "means" }.Select(key => Array.IndexOf(words, key))];
        string[] Part(int index)
        {
            int end = starts[(index + 1)..].Where(start => start > 0).DefaultIfEmpty(words.Length).First();
            return starts[index] < 0 ? [] : words[(starts[index] + 1)..end];
        }

        byte[] Bytes(int index) => Convert.FromHexString(string.Concat(Part(index)));
        return new RequestVector(opcode, Bytes(0), Bytes(1), Bytes(2), string.Join(' ', Part(3)));
    }

    private RequestVector WithLengths(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> body)
    {
        byte[] header = [.. Header];
        BitConverter.TryWriteBytes(header, (uint)(header.Length + argument.Length + body.Length));
        return this with { Header = header, Argument = argument.ToArray(), Body = body.ToArray() };
    }
}
