namespace VfsBlock.Interop.Tests;

/// <summary>Answers system calls from a script, and keeps what it was asked.</summary>
internal sealed class ScriptedKernel(params long[] answers)
{
    private readonly Queue<long> _answers = new(answers);

    public List<(long OffsetBytes, int VectorCount, long LengthBytes)> Calls { get; } = [];

    public Reads AsRead => new(this);

    public Writes AsWrite => new(this);

    private long Answer(ReadOnlySpan<IoVec> vectors, long offsetBytes)
    {
        if (!IoVecCursor.TrySum(vectors, out long lengthBytes))
        {
            throw new InvalidOperationException("a call with more bytes than a file can have");
        }

        Calls.Add((offsetBytes, vectors.Length, lengthBytes));
        return _answers.Dequeue();
    }

    internal readonly struct Reads(ScriptedKernel kernel) : ISystemTransfer
    {
        public static RwFlags PerCallFlags => SystemRead.PerCallFlags;

        public static Errno NothingMoved => SystemRead.NothingMoved;

        public long Call(ReadOnlySpan<IoVec> vectors, long offsetBytes, RwFlags flags) => kernel.Answer(vectors, offsetBytes);
    }

    internal readonly struct Writes(ScriptedKernel kernel) : ISystemTransfer
    {
        public static RwFlags PerCallFlags => SystemWrite.PerCallFlags;

        public static Errno NothingMoved => SystemWrite.NothingMoved;

        public long Call(ReadOnlySpan<IoVec> vectors, long offsetBytes, RwFlags flags) => kernel.Answer(vectors, offsetBytes);
    }
}
