using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Fuse.Tests;

/// <summary>Malformed and truncated requests through a whole session: it survives, and answers nothing twice.</summary>
public sealed class FuseSessionFuzzTests(ITestOutputHelper output)
{
    private const int RoundCount = 300;
    private const int MessagesPerRound = 10;

    [Fact]
    public void Requests_Mangled_GetOneReplyAtMost()
    {
        var random = new Random(RandomSeed.Take(output));
        using var served = new ServedSession(new ProbeFileSystem());
        ulong lastUnique = 1ul << 32;
        for (int round = 0; round < RoundCount; round++)
        {
            var outstanding = new HashSet<ulong>();
            for (int i = 0; i < MessagesPerRound; i++)
            {
                byte[] message = Mangle(random);
                if (message.Length >= 16)
                {
                    lastUnique += 2;
                    BitConverter.TryWriteBytes(message.AsSpan(8), lastUnique);
                    outstanding.Add(lastUnique);
                }

                served.Kernel.SendRaw(message);
            }

            ulong barrier = served.Kernel.Send(FuseOpcode.Statfs);
            for (KernelReply reply = served.Kernel.Receive(); reply.Unique != barrier; reply = served.Kernel.Receive())
            {
                Assert.True(outstanding.Remove(reply.Unique), $"an unexpected reply to request {reply.Unique}");
            }
        }

        Assert.Null(served.Session.Failure);
        Assert.DoesNotContain(served.Logger.Entries, entry => entry.Exception is not null);
    }

    private static byte[] Mangle(Random random)
    {
        byte[] message = [.. RequestVectors.All[random.Next(RequestVectors.All.Count)].Message];
        switch (random.Next(5))
        {
            case 0:
                message = message[..random.Next(1, message.Length + 1)];
                break;
            case 1:
                byte[] more = new byte[random.Next(1, 3000)];
                random.NextBytes(more);
                message = [.. message, .. more];
                break;
            case 2:
                random.NextBytes(message.AsSpan(Math.Min(message.Length, 40)));
                break;
        }

        for (int flips = random.Next(4); flips > 0; flips--)
        {
            message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
        }

        if (random.Next(3) > 0 && message.Length >= 4)
        {
            BitConverter.TryWriteBytes(message, (uint)message.Length);
        }

        return message;
    }
}
