using System.CommandLine;
using System.CommandLine.Help;
using System.Net.Sockets;
using Fvm.Wasm;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>The command: reads arguments, serves until SIGTERM or SIGINT.</summary>
internal static class SidecarCommand
{
    private const int Done = 0;
    private const int Unusable = 2;

    /// <summary>Serves until the process is asked to end.</summary>
    /// <returns>0 after a regular end, 2 with one line of text if the server cannot start.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        SidecarUsage usage = new();
        Command command = usage.Create();
        ParseResult parsed = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            IEnumerable<string> texts = parsed.Errors.Select(static error => error.Message.TrimEnd('.')).Distinct();
            return Fail(errors, $"{string.Join("; ", texts)} ('fvm-sidecar --help' shows the usage)");
        }

        if (parsed.Action is not null)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        }

        if (GuardEnvironment.Problem is string guard)
        {
            return Fail(errors, guard);
        }

        try
        {
            SidecarOptions options = usage.Read(parsed);
            string addresses = string.Join(" and ", new object?[] { options.SocketPath, options.Listen, options.Metrics }.OfType<object>());
            CodeCache? code = CacheEnvironment.Open(out _);
            using LogLines lines = usage.Log(parsed, errors);
            ILogger log = lines.CreateLogger(nameof(Fvm));
            await using (WebApplication server = await StartAsync(
                options with { Code = code is { IsUsable: true } ? code : null, Log = lines }, addresses))
            {
                log.Listening(BuildVersion.Text, addresses);
                await server.WaitForShutdownAsync();
            }

            log.Stopped();
            return Done;
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            return Fail(errors, e.Message);
        }
    }

    private static async Task<WebApplication> StartAsync(SidecarOptions options, string addresses)
    {
        try
        {
            return await SidecarServer.StartAsync(options);
        }
        catch (SocketException e)
        {
            throw new UsageException($"cannot listen on {addresses}: {e.Message}");
        }
    }

    // One line, whatever characters a path or argument contains.
    private static int Fail(TextWriter errors, string problem)
    {
        errors.WriteLine($"fvm-sidecar: {PrintableText.Of(problem)}");
        return Unusable;
    }
}
