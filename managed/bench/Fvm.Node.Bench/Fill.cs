namespace Fvm.Node.Bench;

/// <summary>Memory of a node after many transactions, each in a block of its own.</summary>
internal static class Fill
{
    public static void Measure(Uri node, string[] accounts, int count, int process)
    {
        double before = Program.MemoryOf(process);
        double most = before;
        int left = count;
        Thread[] threads = [.. accounts.Select(account => new Thread(() =>
        {
            using Connection connection = new(node);
            byte[] request = connection.Prepare(
                "eth_sendTransaction",
                $$"""[{"from":"{{account}}","to":"{{account}}","value":"0x1","gas":"0x989680","maxFeePerGas":"0x12a05f200","""
                + "\"maxPriorityFeePerGas\":\"0x186a0\"}]");
            for (int number; (number = Interlocked.Decrement(ref left)) >= 0;)
            {
                if (connection.Exchange(request).IndexOf("\"result\":\"0x"u8) < 0)
                {
                    throw new BenchException("eth_sendTransaction: no result");
                }

                if (number % 1_000 == 0)
                {
                    most = Math.Max(most, Program.MemoryOf(process));
                }
            }
        }))];
        double milliseconds = Program.Time(() =>
        {
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());
        });
        Console.WriteLine($"  {count} transactions    {count / milliseconds * 1_000:f0} a second by {accounts.Length} senders; "
            + $"memory {before:f0} MiB before, {Program.MemoryOf(process):f0} MiB after, at most {most:f0} MiB");
    }
}
