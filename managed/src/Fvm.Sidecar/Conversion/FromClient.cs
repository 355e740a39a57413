using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>Values of requests. Each error names the field.</summary>
internal static class FromClient
{
    private const int MaxRedirects = 1_024;

    /// <exception cref="CallFault">The bytes are not one CID.</exception>
    public static Cid ToCid(ByteString bytes, string field) =>
        TryToCid(bytes, out Cid cid) ? cid : throw CallFault.Field(field, "is not a CID");

    public static bool TryToCid(ByteString bytes, out Cid cid) => Cid.TryRead(bytes.Span, out cid, out int read) && read == bytes.Length;

    /// <summary>The CID of a block whose digest it is: what is kept for others must not depend on a client's honesty.</summary>
    /// <exception cref="CallFault">The CID is malformed, or not that of the data.</exception>
    public static Cid ToVerifiedCid(Protocol.V1.Block block, string field)
    {
        Cid cid = ToCid(block.Cid, field + ".cid");
        return BlockDigest.Matches(in cid, block.Data.Span) == true
            ? cid
            : throw CallFault.Field(field + ".data", $"is not the block {cid}, or its hash function is not known");
    }

    /// <exception cref="CallFault">A setting is missing or malformed.</exception>
    public static MachineContext ToContext(MachineSettings? settings, string field)
    {
        if (settings is null)
        {
            throw CallFault.Field(field, "is missing");
        }

        if (!NetworkRules.TryFor((NetworkVersion)settings.NetworkVersion, out _))
        {
            throw new CallFault(
                Grpc.Core.StatusCode.Unimplemented, ErrorReason.UnsupportedNetworkVersion,
                $"network version {settings.NetworkVersion} is not supported", field + ".network_version");
        }

        return new MachineContext
        {
            Network = new NetworkConfig
            {
                NetworkVersion = (NetworkVersion)settings.NetworkVersion,
                ChainId = settings.ChainId,
                ActorDebugging = settings.ActorDebugging,
                ActorRedirects = ToRedirects(settings, field + ".code_redirects"),
            },
            Epoch = new ChainEpoch(settings.Epoch),
            Timestamp = settings.Timestamp,
            BaseFee = ToAmount(settings.BaseFee, field + ".base_fee"),
            CirculatingSupply = ToAmount(settings.CirculatingSupply, field + ".circulating_supply"),
            InitialStateRoot = ToCid(settings.StateRoot, field + ".state_root"),
            Tracing = settings.Tracing,
            FlushAllBlocks = settings.FlushAllBlocks,
        };
    }

    /// <exception cref="CallFault">The kind is none.</exception>
    public static ApplyKind ToKind(Protocol.V1.ApplyKind kind, string field) => kind switch
    {
        Protocol.V1.ApplyKind.Explicit => ApplyKind.Explicit,
        Protocol.V1.ApplyKind.Implicit => ApplyKind.Implicit,
        _ => throw CallFault.Field(field, "must be explicit or implicit"),
    };

    private static TokenAmount ToAmount(Protocol.V1.TokenAmount? amount, string field)
    {
        if (amount is null)
        {
            throw CallFault.Field(field, "is missing");
        }

        if (amount.Negative || amount.Magnitude.Length > TokenAmount.MaxEncodedLength - 1)
        {
            throw CallFault.Field(field, amount.Negative ? "must not be negative" : "is too large");
        }

        return TokenAmount.TryFromBytes([0, .. amount.Magnitude.Span], out TokenAmount value) ? value : throw CallFault.Field(field, "is malformed");
    }

    private static Dictionary<Cid, Cid> ToRedirects(MachineSettings settings, string field)
    {
        if (settings.CodeRedirects.Count > MaxRedirects)
        {
            throw CallFault.Field(field, $"has more than {MaxRedirects} items");
        }

        Dictionary<Cid, Cid> redirects = [];
        foreach (CodeRedirect redirect in settings.CodeRedirects)
        {
            redirects[ToCid(redirect.From, field + ".from")] = ToCid(redirect.To, field + ".to");
        }

        return redirects;
    }
}
