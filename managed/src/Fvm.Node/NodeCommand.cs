using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Fvm.Files;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Node;

/// <summary>The command: reads arguments, and serves a chain of its own until SIGTERM or SIGINT.</summary>
internal static class NodeCommand
{
    private const int Done = 0;
    private const int Unusable = 2;

    /// <summary>Runs the command.</summary>
    /// <returns>0 after a regular end, 2 with one line of text if the node cannot start.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken stop = default)
    {
        NodeUsage usage = new();
        ParseResult parsed = usage.Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not null && (parsed.Errors.Count == 0 || parsed.Action is HelpAction))
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        }

        if (parsed.Errors.Count > 0)
        {
            string texts = string.Join("; ", parsed.Errors.Select(static error => error.Message.TrimEnd('.')).Distinct());
            return Fail(errors, $"{texts} ('fvm-node --help' shows the usage)");
        }

        if (GuardEnvironment.Problem is string guard)
        {
            return Fail(errors, guard);
        }

        try
        {
            NodeOptions options = usage.Read(parsed);
            CodeCache? code = CacheEnvironment.Open(out _);
            await using RunningNode node = await RunningNode.StartAsync(
                options,
                code is { IsUsable: true } ? code : null,
                (method, exception) => Report(errors, method, exception),
                text => Note(errors, text));
            if (options.Json)
            {
                Banner.WriteJson(output, options, node);
            }
            else if (!options.Silent)
            {
                Banner.WriteText(output, options, node);
            }

            output.Flush();
            await SignalAsync(stop);
            return Done;
        }
        catch (Exception exception) when (exception is UsageException or InputException or FileException or IOException
            or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            return Fail(errors, exception.Message);
        }
    }

    private static async Task SignalAsync(CancellationToken stop)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using CancellationTokenRegistration cancelled = stop.Register(() => ended.TrySetResult());
        await ended.Task;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            _ = ended.TrySetResult();
        }
    }

    private static void Report(TextWriter errors, string method, Exception exception)
    {
        string text = Environment.GetEnvironmentVariable("FVM_DEBUG") == "1" ? exception.ToString() : exception.Message;
        lock (errors)
        {
            errors.WriteLine($"fvm-node: {PrintableText.Of(method)}: {PrintableText.Of(text)}");
        }
    }

    private static void Note(TextWriter errors, string text)
    {
        lock (errors)
        {
            errors.WriteLine($"fvm-node: {PrintableText.Of(text)}");
        }
    }

    // One line, whatever characters a path or argument contains.
    private static int Fail(TextWriter errors, string problem)
    {
        errors.WriteLine($"fvm-node: {PrintableText.Of(problem)}");
        return Unusable;
    }
}
