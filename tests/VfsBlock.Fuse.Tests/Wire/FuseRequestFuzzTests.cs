using System.Text;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Fuse.Tests;

/// <summary>
/// Requests that no kernel sends, each right before a page that may not be touched: a reader that reads one byte too
/// far ends the process.
/// </summary>
public sealed class FuseRequestFuzzTests(ITestOutputHelper output)
{
    private const int RoundCount = 60_000;
    private const int MaxRequestBytes = 4096;

    [Fact]
    public void Read_BrokenRequests_NeverReadsOutsideOrThrows()
    {
        var random = new Random(RandomSeed.Take(output));
        using var buffers = new FuzzBuffers(MaxRequestBytes);
        int refused = 0;
        for (int round = 0; round < RoundCount; round++)
        {
            RequestVector vector = RequestVectors.All[random.Next(RequestVectors.All.Count)];
            byte[] message = Break(random, vector);
            FuseDialect dialect = random.Next(4) == 0
                ? FuseDialect.Of((uint)random.Next(46), (FuseInitFlags)random.NextInt64())
                : FuseDialect.Newest;
            Errno error = FuseRequestReader.Read(buffers.Message.Place(message), dialect, out FuseRequestReader request);
            Check(error, request);
            refused += error == Errno.None ? 0 : 1;
        }

        // Neither a reader that takes everything nor one that takes nothing was tried in earnest.
        Assert.InRange(refused, RoundCount / 100, RoundCount * 99 / 100);
    }

    [Fact]
    public void Read_BrokenRingRequests_NeverReadsOutsideOrThrows()
    {
        var random = new Random(RandomSeed.Take(output));
        using var buffers = new FuzzBuffers(MaxRequestBytes);
        int refused = 0;
        for (int round = 0; round < RoundCount; round++)
        {
            RequestVector vector = RequestVectors.All[random.Next(RequestVectors.All.Count)];
            byte[] message = Break(random, vector);
            int headerBytes = Math.Min(message.Length, random.Next(16) == 0 ? random.Next(41) : 40);
            int argumentBytes = Math.Min(message.Length - headerBytes, random.Next(16) == 0 ? random.Next(129) : vector.Argument.Length);
            Errno error = FuseRequestReader.Read(
                buffers.Header.Place(message.AsSpan(0, headerBytes)),
                buffers.Argument.Place(message.AsSpan(headerBytes, argumentBytes)),
                buffers.Message.Place(message.AsSpan(headerBytes + argumentBytes)),
                FuseDialect.Newest,
                out FuseRequestReader request);
            Check(error, request);
            refused += error == Errno.None ? 0 : 1;
        }

        Assert.InRange(refused, RoundCount / 100, RoundCount * 99 / 100);
    }

    // Whatever an accepted request gives must be there to be touched, and must keep what the reader promises.
    private static void Check(Errno error, in FuseRequestReader request)
    {
        if (error != Errno.None)
        {
            Assert.True(error is Errno.EIO or Errno.EINVAL or Errno.ENOSYS or Errno.ENAMETOOLONG or Errno.ERANGE or Errno.ENOENT, $"{error}");
            return;
        }

        Assert.DoesNotContain((byte)0, request.Name.ToArray());
        Assert.DoesNotContain((byte)0, request.SecondName.ToArray());
        Assert.True(request.Name.Length <= 255 || request.Header.Opcode == FuseOpcode.TmpFile);
        if (request.Header.Opcode == FuseOpcode.Write)
        {
            Assert.Equal(request.Argument<FuseWriteIn>().Size, (uint)request.Data.Length);
        }

        RequestText.Of(request);
        request.Extensions.SupplementaryGroups.ToArray();
        FuseSecurityLabels labels = request.Extensions.SecurityLabels;
        while (labels.RemainingCount > 0)
        {
            Assert.Equal(Errno.None, labels.ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value));
            Assert.NotEmpty(Encoding.Latin1.GetString(name));
            value.ToArray();
        }
    }

    // A whole request, then one to four injuries; every other time with the length mended, so that more than the first
    // check gets its turn.
    private static byte[] Break(Random random, RequestVector vector)
    {
        byte[] message = random.Next(5) == 0 ? WithExtensions(random, vector) : vector.Message;
        for (int injury = random.Next(4); injury >= 0; injury--)
        {
            message = Injure(random, message);
        }

        if (message.Length >= 4 && random.Next(8) != 0)
        {
            BitConverter.TryWriteBytes(message, (uint)message.Length);
        }

        return message;
    }

    private static byte[] WithExtensions(Random random, RequestVector vector)
    {
        byte[] extensions = new byte[random.Next(1, 12) * 8];
        random.NextBytes(extensions);
        extensions[0] = (byte)(random.Next(1, (extensions.Length / 8) + 1) * 8);
        extensions.AsSpan(1, 3).Clear();
        extensions[4] = (byte)(random.Next(2) == 0 ? 32 : random.Next(3));
        extensions.AsSpan(5, 3).Clear();
        extensions[8 % extensions.Length] = (byte)random.Next(8);
        return vector.WithExtensions(extensions, extensions.Length / 8).Message;
    }

    private static byte[] Injure(Random random, byte[] message)
    {
        switch (random.Next(7))
        {
            case 0:
                return message[..random.Next(message.Length + 1)];
            case 1 when message.Length > 0:
                message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                return message;
            case 2 when message.Length >= 48:
                BitConverter.TryWriteBytes(message.AsSpan(random.Next(40, message.Length - 3)), Extreme(random));
                return message;
            case 3:
                byte[] tail = new byte[random.Next(64)];
                random.NextBytes(tail);
                return [.. message, .. tail];
            case 4 when message.Length > 40:
                random.NextBytes(message.AsSpan(random.Next(40, message.Length)));
                return message;
            case 5 when message.Length >= 40:
                BitConverter.TryWriteBytes(message.AsSpan(36), (ushort)random.Next(random.Next(2) == 0 ? 8 : 65536));
                return message;
            default:
                return message;
        }
    }

    private static uint Extreme(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => uint.MaxValue,
        2 => int.MaxValue,
        3 => 0x8000_0000,
        4 => (uint)random.Next(128),
        _ => 0x1000_0000,
    };
}
