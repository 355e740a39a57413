using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Fvm.Sidecar;

/// <summary>The options of <c>fvm-sidecar</c>.</summary>
internal sealed class SidecarUsage
{
    private static readonly SidecarOptions Standard = new();

    private readonly Option<string?> _socket = new("--socket")
    {
        Description = "Unix socket to listen on; only its owner and root may connect",
        HelpName = "PATH",
    };

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Address of TCP to listen on; requires TLS with client certificates or a token",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string?> _certificate = File("--tls-certificate", "Certificate chain of the server, in PEM");
    private readonly Option<string?> _key = File("--tls-key", "Private key of the certificate, in PEM");
    private readonly Option<string?> _authorities = File("--client-ca", "Authorities of the clients' certificates, in PEM; clients must have one");
    private readonly Option<string?> _token = File("--token-file", "Token that clients by TCP must send ('authorization: Bearer TOKEN')");

    private readonly Option<bool> _insecure = new("--insecure-loopback")
    {
        Description = "Allow --listen on a loopback address without TLS: every user of this machine can connect, unless a token is required",
    };

    private readonly Option<int> _lanes = Number("--lanes", "Calls on lanes at a time, waits for their clients included", Standard.Lanes, 1, 256);
    private readonly Option<int> _sessionLanes = Number("--session-lanes", "The same per session", Standard.LanesPerSession, 1, 256);
    private readonly Option<int> _queue = Number("--max-queue", "Calls that wait for a lane", Standard.MaxQueue, 1, 1_000_000);
    private readonly Option<int> _sessions = Number("--max-sessions", "Sessions at a time", Standard.MaxSessions, 1, 100_000);
    private readonly Option<int> _machines = Number("--max-machines", "Machines per session", Standard.MaxMachines, 1, 100_000);
    private readonly Option<int> _calls = Number("--max-calls", "Unfinished calls per session", Standard.MaxCalls, 1, 1_000_000);
    private readonly Option<int> _frame = Number("--max-frame-mib", "Size of a frame or message, in MiB", Standard.MaxFrameBytes >> 20, 5, 1_024);
    private readonly Option<int> _bytes = Number(
        "--max-session-mib", "Unfinished calls, shipped blocks and answers per session, in MiB", (int)(Standard.MaxSessionBytes >> 20), 1, 1 << 20);
    private readonly Option<int> _unread = Number(
        "--max-unread-mib", "Frames per session that the client has not read, in MiB", (int)(Standard.MaxUnreadBytes >> 20), 1, 1 << 20);
    private readonly Option<int> _callback = Number(
        "--callback-timeout", "Time to answer a callback, in seconds", (int)Standard.CallbackTimeout.TotalSeconds, 1, 86_400);
    private readonly Option<int> _idle = Number(
        "--idle-timeout", "Time without a frame of the client that ends its session, in seconds", (int)Standard.IdleTimeout.TotalSeconds, 1, 86_400);
    private readonly Option<int> _stop = Number(
        "--stop-timeout", "Time for running calls to end at SIGTERM, in seconds", (int)Standard.StopTimeout.TotalSeconds, 0, 86_400);
    private readonly Option<int> _cache = Number(
        "--block-cache-mib", "Block cache of all machines, in MiB", (int)(Standard.BlockCacheBytes >> 20), 0, 1 << 20);

    private readonly Option<string> _prefetch = new("--prefetch")
    {
        Description = "Whether machines ask for blocks before they want them, on a guess",
        HelpName = "on|off",
        DefaultValueFactory = static _ => "on",
    };

    private readonly Option<int> _uploads = Number(
        "--upload-cache-mib", "Uploaded blocks kept for later calls, in MiB", (int)(Standard.MaxUploadBytes >> 20), 1, 1 << 20);

    private readonly TelemetryUsage _telemetry = new();

    /// <summary>The command with all options.</summary>
    public Command Create()
    {
        _prefetch.AcceptOnlyFromAmong("on", "off");
        Command command = new("fvm-sidecar", "Serves Filecoin virtual machines by gRPC (docs/sidecar.md).");
        command.Options.Add(new System.CommandLine.Help.HelpOption());
        command.Options.Add(new VersionOption());
        foreach (Option option in (ReadOnlySpan<Option>)
            [
                _socket, _listen, _certificate, _key, _authorities, _token, _insecure, _lanes, _sessionLanes, _queue, _sessions, _machines, _calls,
                _frame, _bytes, _unread, _callback, _idle, _stop, _cache, _prefetch, _uploads,
            ])
        {
            command.Options.Add(option);
        }

        foreach (Option option in _telemetry.Options)
        {
            command.Options.Add(option);
        }

        return command;
    }

    /// <summary>The log that arguments ask for.</summary>
    public LogLines Log(ParseResult parsed, TextWriter output) => _telemetry.Log(parsed, output);

    /// <summary>The settings that arguments ask for.</summary>
    /// <exception cref="UsageException">They contradict each other, or a file is unusable.</exception>
    public SidecarOptions Read(ParseResult parsed)
    {
        string? socket = parsed.GetValue(_socket);
        IPEndPoint? listen = Endpoint("--listen", parsed.GetValue(_listen));
        if (socket is null && listen is null)
        {
            throw new UsageException("nothing to listen on: --socket PATH or --listen ADDRESS:PORT");
        }

        TlsSettings? tls = CredentialFiles.Tls(parsed.GetValue(_certificate), parsed.GetValue(_key), parsed.GetValue(_authorities));
        BearerToken? token = CredentialFiles.Token(parsed.GetValue(_token));
        CheckCredentials(listen, tls, token, parsed.GetValue(_insecure));
        SidecarOptions options = new()
        {
            SocketPath = SocketPath(socket),
            Listen = listen,
            Tls = tls,
            Token = token,
            Lanes = parsed.GetValue(_lanes),
            LanesPerSession = parsed.GetValue(_sessionLanes),
            MaxQueue = parsed.GetValue(_queue),
            MaxSessions = parsed.GetValue(_sessions),
            MaxMachines = parsed.GetValue(_machines),
            MaxCalls = parsed.GetValue(_calls),
            MaxFrameBytes = parsed.GetValue(_frame) << 20,
            MaxSessionBytes = (long)parsed.GetValue(_bytes) << 20,
            MaxUnreadBytes = (long)parsed.GetValue(_unread) << 20,
            CallbackTimeout = TimeSpan.FromSeconds(parsed.GetValue(_callback)),
            IdleTimeout = TimeSpan.FromSeconds(parsed.GetValue(_idle)),
            StopTimeout = TimeSpan.FromSeconds(parsed.GetValue(_stop)),
            MaxUploadBytes = (long)parsed.GetValue(_uploads) << 20,
            Prefetches = parsed.GetValue(_prefetch) == "on",
            BlockCacheBytes = (long)parsed.GetValue(_cache) << 20,
        };
        return _telemetry.Read(parsed, options);
    }

    /// <summary>An address with a port; null for none.</summary>
    /// <exception cref="UsageException">It is malformed.</exception>
    public static IPEndPoint? Endpoint(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        // Without a port IPEndPoint takes 0.
        return IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal)
            ? endpoint
            : throw new UsageException($"{option}: '{text}' is not an address with a port, such as 127.0.0.1:9500 or [::1]:9500");
    }

    private static void CheckCredentials(IPEndPoint? listen, TlsSettings? tls, BearerToken? token, bool insecure)
    {
        if (listen is null)
        {
            if (tls is not null || token is not null || insecure)
            {
                throw new UsageException("TLS, --token-file and --insecure-loopback are for --listen: the Unix socket needs none of them");
            }
        }
        else if (tls is null)
        {
            if (!insecure || !IPAddress.IsLoopback(listen.Address))
            {
                throw new UsageException(
                    $"--listen {listen} without TLS: give --tls-certificate and --tls-key, or on a loopback address --insecure-loopback");
            }
        }
        else if (tls.ClientAuthorities is null && token is null)
        {
            throw new UsageException($"--listen {listen} would serve anybody: give --client-ca or --token-file");
        }
    }

    private static string? SocketPath(string? path)
    {
        // sockaddr_un has 108 bytes, with a zero at the end.
        const int MaxLength = 107;
        string? full = path is null ? null : Path.GetFullPath(path);
        return full is null || System.Text.Encoding.UTF8.GetByteCount(full) <= MaxLength
            ? full
            : throw new UsageException($"--socket: the path has more than {MaxLength} bytes: {full}");
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    private static Option<int> Number(string name, string description, int standard, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            {
                return value;
            }

            result.AddError($"{name}: '{text}' is not a whole number from {least} to {most}");
            return standard;
        },
    };
}
