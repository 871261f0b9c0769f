namespace VfsBlock.Bench;

/// <summary>
/// Measures every server with every kind of message in interleaved rounds: what disturbs the machine for a while then
/// disturbs all servers, and shows in the range of each and not in their order.
/// </summary>
/// <remarks>Runs on a thread of its own, so that pinning it pins nothing else.</remarks>
internal sealed class MessageRounds(IReadOnlyList<MessageClient> clients, int roundCount, int messageCount)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(MessageClient, MessageKind), List<double>> _samples = [];

    public static IReadOnlyList<MessageKind> Kinds { get; } = Enum.GetValues<MessageKind>();

    /// <summary>Runs one round to warm up and then the rounds that count.</summary>
    /// <param name="isPinned">Whether the client stays on CPU 0.</param>
    /// <param name="cancellation">Ends it after the series at hand, or kills the servers if that does not end.</param>
    public void Run(bool isPinned, CancellationToken cancellation)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (isPinned)
                {
                    FirstProcessor.Bind(threadId: 0);
                }

                for (int round = -1; round < roundCount; round++)
                {
                    RunRound(round, cancellation);
                }
            }
            catch (Exception exception) when (exception is BenchException or OperationCanceledException)
            {
                failure = exception;
            }
        })
        { Name = "client", IsBackground = true };
        thread.Start();
        while (!thread.Join(millisecondsTimeout: 100))
        {
            // A series ends within seconds. One that does not hangs in its server, whose end frees it.
            if (cancellation.IsCancellationRequested && !thread.Join(_patience))
            {
                foreach (MessageClient client in clients)
                {
                    client.Server.Kill();
                }
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Microseconds per message over the rounds that counted.</summary>
    public Spread Of(MessageClient client, MessageKind kind) => Spread.Of(_samples[(client, kind)]);

    private void RunRound(int round, CancellationToken cancellation)
    {
        foreach (MessageKind kind in Kinds)
        {
            foreach (MessageClient client in clients)
            {
                cancellation.ThrowIfCancellationRequested();
                double microseconds = client.MicrosecondsPerMessage(kind, messageCount);
                if (round >= 0)
                {
                    if (!_samples.TryGetValue((client, kind), out List<double>? samples))
                    {
                        _samples[(client, kind)] = samples = [];
                    }

                    samples.Add(microseconds);
                }
            }
        }
    }
}
