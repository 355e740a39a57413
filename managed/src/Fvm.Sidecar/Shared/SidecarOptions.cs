using System.Net;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>Settings of the server, with their defaults.</summary>
internal sealed record SidecarOptions
{
    /// <summary>The path of the Unix socket; null for none.</summary>
    public string? SocketPath { get; init; }

    /// <summary>The address of TCP; null for none.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>TLS for TCP; null for plain text.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>The token that callers by TCP must present; null for none.</summary>
    public BearerToken? Token { get; init; }

    /// <summary>The number of threads for messages. More than processors, since messages wait for their clients.</summary>
    public int Lanes { get; init; } = 64;

    /// <summary>Lanes that one session may hold at a time, so that a client that answers nothing leaves the others theirs.</summary>
    public int LanesPerSession { get; init; } = 16;

    /// <summary>Calls that wait for a lane, of all sessions together.</summary>
    public int MaxQueue { get; init; } = 1_024;

    /// <summary>Capacity of the block cache that all machines share, in bytes.</summary>
    public long BlockCacheBytes { get; init; } = Hosting.SharedBlockCache.DefaultBytes;

    /// <summary>Whether machines ask for blocks before they want them, unless their session refuses.</summary>
    public bool Prefetches { get; init; } = true;

    /// <summary>Uploaded blocks that are kept for later calls, in bytes.</summary>
    public long MaxUploadBytes { get; init; } = 1L << 30;

    /// <summary>Bytes of a frame.</summary>
    public int MaxFrameBytes { get; init; } = 16 << 20;

    /// <summary>Sessions at a time.</summary>
    public int MaxSessions { get; init; } = 256;

    /// <summary>Machines of a session at a time.</summary>
    public int MaxMachines { get; init; } = 64;

    /// <summary>Unfinished calls of a session at a time.</summary>
    public int MaxCalls { get; init; } = 4_096;

    /// <summary>Bytes of the unfinished calls' frames and of the machines' shipped blocks of a session.</summary>
    public long MaxSessionBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of the frames to a client that are waiting to be read.</summary>
    public long MaxUnreadBytes { get; init; } = 64L << 20;

    /// <summary>The time to answer a callback, and to read what is waiting.</summary>
    public TimeSpan CallbackTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time without a frame of the client after which its session ends.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The time that running calls have to end when the server stops.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The address of the metrics' page; null for none.</summary>
    public IPEndPoint? Metrics { get; init; }

    /// <summary>The collector of traces; null for none.</summary>
    public Uri? Collector { get; init; }

    /// <summary>The share of calls that are traced, of those whose client does not say.</summary>
    public double Sampling { get; init; } = 1;

    /// <summary>The log; null for none.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>The machine code cache; null for none.</summary>
    public Wasm.CodeCache? Code { get; init; }
}
