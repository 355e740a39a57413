using System.Diagnostics;
using System.Text.Json;

namespace Fvm.Node.Bench;

/// <summary>Deployment and transfers of an ERC-20, its balanceOf by many clients, and estimates.</summary>
/// <param name="node">The node.</param>
/// <param name="prepared">The signed transactions and the calls.</param>
/// <param name="mine">The path that makes a block; null if transactions do.</param>
internal sealed class Calls(Uri node, JsonElement prepared, string? mine)
{
    private const int Repeats = 60;
    private const int MaxPolls = 20_000;
    private const int WarmUpMilliseconds = 1_500;

    /// <summary>Measures all, and prints it.</summary>
    public void Measure(int clients, int seconds)
    {
        using Connection connection = new(node);
        double deploy = Program.Time(() => Send(connection, prepared.GetProperty("deploy")));
        string contract = Receipt(connection, prepared.GetProperty("deploy")).GetProperty("contractAddress").GetString()!;
        string from = prepared.GetProperty("from").GetString()!;
        List<double> transfers = [.. prepared.GetProperty("transfers").EnumerateArray().Select(each => Program.Time(() => Send(connection, each)))];
        string times = transfers.Count == 0
            ? string.Empty
            : $"; transfers p50 {Program.Share(transfers, 0.5):f1}, p99 {Program.Share(transfers, 0.99):f1} ms";
        Console.WriteLine($"  ERC-20                 deployment {deploy:f1} ms{times}");

        string transfer = $$"""{"from":"{{from}}","to":"{{contract}}","data":{{prepared.GetProperty("transfer").GetRawText()}}}""";
        string balance = $$"""{"from":"{{from}}","to":"{{contract}}","data":{{prepared.GetProperty("balanceOf").GetRawText()}}}""";
        double call = Median(() => connection.Ask("eth_call", $"[{transfer},\"latest\"]"));
        double estimate = Median(() => connection.Ask("eth_estimateGas", $"[{transfer}]"));
        Console.WriteLine($"  estimate               {estimate:f2} ms, the same as eth_call {call:f2} ms: {estimate / call:f2} executions");
        Load(balance, clients, seconds);
    }

    private static double Median(Action action)
    {
        for (int i = 0; i < Repeats; i++)
        {
            action();
        }

        List<double> times = [.. Enumerable.Range(0, Repeats).Select(_ => Program.Time(action))];
        return Program.Share(times, 0.5);
    }

    private void Load(string call, int clients, int seconds)
    {
        long from = Stopwatch.GetTimestamp() + (WarmUpMilliseconds * Stopwatch.Frequency / 1_000);
        long end = from + (seconds * Stopwatch.Frequency);
        List<double>[] times = [.. Enumerable.Range(0, clients).Select(static _ => new List<double>())];
        Thread[] threads = [.. times.Select(own => new Thread(() =>
        {
            using Connection connection = new(node);
            byte[] request = connection.Prepare("eth_call", $"[{call},\"latest\"]");
            for (long start = Stopwatch.GetTimestamp(); start < end; start = Stopwatch.GetTimestamp())
            {
                if (connection.Exchange(request).IndexOf("\"result\":\"0x"u8) < 0)
                {
                    throw new BenchException("eth_call: no result");
                }

                if (start >= from)
                {
                    own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        List<double> all = [.. times.SelectMany(static own => own)];
        Console.WriteLine($"  eth_call, balanceOf    {all.Count / (double)seconds:f0} a second by {clients} clients; "
            + $"p50 {Program.Share(all, 0.5):f2}, p99 {Program.Share(all, 0.99):f2} ms");
    }

    private void Send(Connection connection, JsonElement transaction)
    {
        _ = connection.Ask("eth_sendRawTransaction", $"[{transaction.GetProperty("raw").GetRawText()}]");
        if (Receipt(connection, transaction).GetProperty("status").GetString() != "0x1")
        {
            throw new BenchException("a transaction fails");
        }
    }

    private JsonElement Receipt(Connection connection, JsonElement transaction)
    {
        for (int poll = 0; poll < MaxPolls; poll++)
        {
            JsonElement receipt = connection.Ask("eth_getTransactionReceipt", $"[{transaction.GetProperty("hash").GetRawText()}]");
            if (receipt.ValueKind == JsonValueKind.Object)
            {
                return receipt;
            }

            if (mine is not null)
            {
                connection.Post(mine);
            }
        }

        throw new BenchException("a transaction is in no block");
    }
}
