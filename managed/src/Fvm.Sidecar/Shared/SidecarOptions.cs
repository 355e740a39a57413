namespace Fvm.Sidecar;

/// <summary>Settings of the server, with their defaults.</summary>
internal sealed record SidecarOptions
{
    /// <summary>The path of the Unix socket.</summary>
    public required string SocketPath { get; init; }

    /// <summary>The number of messages that run at a time.</summary>
    public int Lanes { get; init; } = Environment.ProcessorCount;

    /// <summary>Capacity of the block cache that all machines share, in bytes.</summary>
    public long BlockCacheBytes { get; init; } = Hosting.SharedBlockCache.DefaultBytes;

    /// <summary>Bytes of a frame.</summary>
    public int MaxFrameBytes { get; init; } = 16 << 20;

    /// <summary>Sessions at a time.</summary>
    public int MaxSessions { get; init; } = 256;

    /// <summary>Machines of a session at a time.</summary>
    public int MaxMachines { get; init; } = 64;

    /// <summary>Unfinished calls of a session at a time.</summary>
    public int MaxCalls { get; init; } = 4_096;

    /// <summary>Bytes of the unfinished calls' frames of a session.</summary>
    public long MaxSessionBytes { get; init; } = 256L << 20;

    /// <summary>Frames to a client that are waiting to be read.</summary>
    public int MaxUnreadFrames { get; init; } = 1_024;

    /// <summary>The time to answer a callback.</summary>
    public TimeSpan CallbackTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time without a frame of the client after which its session ends.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The machine code cache; null for none.</summary>
    public Wasm.CodeCache? Code { get; init; }
}
