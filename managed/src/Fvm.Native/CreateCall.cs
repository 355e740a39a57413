using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>The arguments of the two calls that create machines, as received.</summary>
internal readonly struct CreateCall
{
    // The only FVM version in the C interface.
    private const byte Version1 = 0;

    public required byte Version { get; init; }

    /// <summary>An epoch, in two's complement.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required ulong Timestamp { get; init; }

    public required ulong ChainId { get; init; }

    public required Amount BaseFee { get; init; }

    public required Amount CirculatingSupply { get; init; }

    public required uint NetworkVersion { get; init; }

    /// <summary>CID bytes.</summary>
    public required SliceRef StateRoot { get; init; }

    /// <summary>CID bytes of the list of redirects; empty for none.</summary>
    public SliceRef ActorRedirect { get; init; }

    public bool Debugging { get; init; }

    /// <summary>A C bool.</summary>
    public required byte Tracing { get; init; }

    /// <summary>A C bool.</summary>
    public required byte FlushAllBlocks { get; init; }

    public required ulong Blockstore { get; init; }

    public required ulong Externs { get; init; }

    /// <summary>Validates the arguments and returns the machine's settings.</summary>
    /// <param name="store">Holds the list of redirects.</param>
    /// <exception cref="CallerException">An argument is invalid.</exception>
    public MachineContext ToContext(IBlockstore store)
    {
        if (Version != Version1)
        {
            throw new CallerException($"FVM version {Version} is not supported");
        }

        // Bytes after the CID are ignored, as in the reference.
        if (!Cid.TryRead(StateRoot.Span, out Cid root, out _))
        {
            throw new CallerException("invalid state root: not a CID");
        }

        ReadOnlySpan<byte> redirects = ActorRedirect.Span;
        return new MachineContext
        {
            Network = new NetworkConfig
            {
                NetworkVersion = (NetworkVersion)NetworkVersion,
                ChainId = ChainId,
                ActorDebugging = Debugging,
                ActorRedirects = redirects.IsEmpty ? new Dictionary<Cid, Cid>() : Redirects.Read(redirects, store),
            },
            Epoch = new ChainEpoch((long)Epoch),
            Timestamp = Timestamp,
            BaseFee = TokenAmount.FromHalves(BaseFee.High, BaseFee.Low),
            CirculatingSupply = TokenAmount.FromHalves(CirculatingSupply.High, CirculatingSupply.Low),
            InitialStateRoot = root,
            Tracing = Tracing != 0,
            FlushAllBlocks = FlushAllBlocks != 0,
        };
    }
}
