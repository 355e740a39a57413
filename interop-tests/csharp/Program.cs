using SidecarClient;

if (args is ["example", string at, string file])
{
    return await Example.RunAsync(at, file);
}

Dictionary<string, string> options = [];
int next = args is ["replay", ..] ? 1 : args.Length;
for (; next + 1 < args.Length && args[next].StartsWith("--", StringComparison.Ordinal); next += 2)
{
    options[args[next]] = args[next + 1];
}

if (next >= args.Length || !options.TryGetValue("--socket", out string? socket))
{
    Console.Error.WriteLine("usage: client example ADDRESS VECTOR.json\n       client replay --socket ADDRESS [--bundles DIR] [--every N] [--break COMMAND] FILE…");
    return 2;
}

return await Replay.RunAsync(
    socket, options.GetValueOrDefault("--bundles"), int.Parse(options.GetValueOrDefault("--every", "1")), options.GetValueOrDefault("--break"), args[next..]);
