using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace VfsBlock.Bench;

/// <summary>The <c>messages</c> command: microseconds per FUSE message, ours beside libfuse's.</summary>
internal static class MessagesCommand
{
    private static readonly Option<int> _rounds = new("--rounds")
    {
        Description = "Rounds that count, after one to warm up.",
        DefaultValueFactory = _ => 7,
    };

    private static readonly Option<int> _messages = new("--messages")
    {
        Description = "Messages in a row for one sample.",
        DefaultValueFactory = _ => 20_000,
    };

    private static readonly Option<string?> _out = new("--out") { Description = "Write the result to this file as well." };

    public static Command Create()
    {
        _rounds.Validators.Add(result => RequirePositive(result.GetValueOrDefault<int>(), result.AddError));
        _messages.Validators.Add(result => RequirePositive(result.GetValueOrDefault<int>(), result.AddError));
        var command = new Command("messages", "Microseconds per FUSE message on null file systems: ours beside libfuse's.")
        {
            _rounds, _messages, _out,
        };
        command.SetAction(result => Run(
            result.GetValue(_rounds),
            result.GetValue(_messages),
            result.GetValue(_out),
            result.Tokens.Select(token => token.Value)));
        return command;
    }

    private static void RequirePositive(int value, Action<string> addError)
    {
        if (value < 1)
        {
            addError("at least 1");
        }
    }

    private static int Run(int roundCount, int messageCount, string? file, IEnumerable<string> arguments)
    {
        using var interruption = new Interruption();
        using var native = new NativeServer();
        var report = new Report("FUSE messages on a null file system", arguments);
        report.Add($"libfuse {native.LibfuseVersion}. Microseconds per message, one client: median (min..max) of {roundCount} rounds of {messageCount} messages, the servers in turn; then the ratio to libfuse's default.");

        var servers = new List<NullServer>();
        var clients = new List<MessageClient>();
        try
        {
            foreach (ServerRecipe recipe in ServerRecipe.All(native.Program))
            {
                servers.Add(new NullServer(recipe));
                clients.Add(new MessageClient(servers[^1]));
                interruption.Token.ThrowIfCancellationRequested();
            }

            foreach (Placement placement in Placement.All)
            {
                Console.Error.WriteLine($"bench: {placement.Heading} ...");
                if (placement.AreServersPinned)
                {
                    servers.ForEach(server => server.PinToFirstProcessor());
                }

                var rounds = new MessageRounds(clients, roundCount, messageCount);
                rounds.Run(placement.IsClientPinned, interruption.Token);
                report.AddTable(placement.Heading, Tabulate(clients, rounds));
            }
        }
        catch (BenchException failure) when (interruption.ExplainsFailure())
        {
            throw new OperationCanceledException(failure.Message, failure);
        }
        finally
        {
            // Clients first: a server waits for the last file to be closed.
            clients.ForEach(client => client.Dispose());
            servers.ForEach(server => server.Dispose());
        }

        report.Finish(file);
        return 0;
    }

    private static Table Tabulate(List<MessageClient> clients, MessageRounds rounds)
    {
        var table = new Table();
        table.AddColumn("server");
        foreach (MessageKind kind in MessageRounds.Kinds)
        {
            table.AddColumn(new TableColumn(kind.ToString()).RightAligned());
            table.AddColumn(new TableColumn("ratio").RightAligned());
        }

        foreach (MessageClient client in clients)
        {
            var cells = new List<string> { client.Server.Recipe.Name };
            foreach (MessageKind kind in MessageRounds.Kinds)
            {
                Spread spread = rounds.Of(client, kind);
                cells.Add(spread.ToString());
                cells.Add((spread.Median / rounds.Of(clients[0], kind).Median).ToString("F2", CultureInfo.InvariantCulture));
            }

            table.AddRow([.. cells]);
        }

        return table;
    }
}
