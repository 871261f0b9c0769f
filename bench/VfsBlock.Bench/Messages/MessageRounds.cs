namespace VfsBlock.Bench;

/// <summary>
/// Measures every server with every kind of message in interleaved rounds: what disturbs the machine for a while then
/// disturbs all servers, and shows in the range of each and not in their order.
/// </summary>
/// <remarks>Runs on a thread of its own, so that pinning it pins nothing else.</remarks>
internal sealed class MessageRounds(IReadOnlyList<MessageClient> clients, int roundCount, int messageCount)
{
    private readonly Dictionary<(MessageClient, MessageKind), List<double>> _samples = [];

    public static IReadOnlyList<MessageKind> Kinds { get; } = Enum.GetValues<MessageKind>();

    /// <summary>Runs one round to warm up and then the rounds that count.</summary>
    /// <param name="isPinned">Whether the client stays on CPU 0.</param>
    /// <param name="cancellation">Ends it after the message series at hand, or as soon as the servers are gone.</param>
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
            // The client may hang in a server that does not answer; leaving ends the server, and that frees the client.
            cancellation.ThrowIfCancellationRequested();
        }

        if (failure is not null)
        {
            // A terminal sends its signal to the servers too: their end is then the interruption's work, not a failure.
            cancellation.WaitHandle.WaitOne(millisecondsTimeout: 250);
            cancellation.ThrowIfCancellationRequested();
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
