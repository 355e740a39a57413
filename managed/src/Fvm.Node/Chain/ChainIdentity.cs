using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>What a saved chain can only go on with.</summary>
/// <param name="ChainId">The chain ID.</param>
/// <param name="Version">The network version.</param>
/// <param name="NetworkName">The network's name, from which randomness is drawn.</param>
/// <param name="Start">The root of the bundle, or the last tipset of the chain that it forks off: neither is saved.</param>
internal sealed record ChainIdentity(ulong ChainId, uint Version, string NetworkName, Cid Start)
{
    private const string Name = "fvm-node";
    private const ulong FormatVersion = 1;
    private const int Fields = 6;
    private const int MaxNameBytes = 256;

    /// <summary>The block of a saved chain's root.</summary>
    public byte[] Encode()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(Fields);
        writer.WriteText(Name);
        writer.WriteUInt(FormatVersion);
        writer.WriteUInt(ChainId);
        writer.WriteUInt(Version);
        writer.WriteText(NetworkName);
        writer.WriteCid(Start);
        return writer.ToArray();
    }

    /// <summary>Decodes the block of a saved chain's root.</summary>
    /// <exception cref="FormatException">It is none, or of another version of this program.</exception>
    public static ChainIdentity Decode(ReadOnlySpan<byte> block)
    {
        CborReader reader = new(block, CborRules.Canonical);
        int fields = reader.ReadArrayHeader();
        ReadOnlySpan<byte> name = reader.ReadTextUtf8();
        if (!name.SequenceEqual("fvm-node"u8))
        {
            throw new FormatException("it is no saved chain");
        }

        ulong version = reader.ReadUInt();
        if (version != FormatVersion || fields != Fields)
        {
            throw new FormatException($"it is of version {version} of the format; this program reads version {FormatVersion}");
        }

        ulong chainId = reader.ReadUInt();
        uint networkVersion = reader.ReadUInt32();
        string network = reader.ReadText();
        Cid start = reader.ReadCid();
        reader.EnsureEnd();
        return network.Length <= MaxNameBytes
            ? new ChainIdentity(chainId, networkVersion, network, start)
            : throw new FormatException($"the name of its network has {network.Length} characters");
    }

    /// <summary>Why a chain saved with this identity cannot be continued by a node of another one; null if it can.</summary>
    public string? ProblemFor(ChainIdentity node)
    {
        if (ChainId != node.ChainId) return $"it is of chain ID {ChainId}, the node of {node.ChainId}: start the node with --chain-id {ChainId}";

        if (Version != node.Version) return $"it is of network version {Version}, the node of {node.Version}: start the node with --nv {Version}";

        if (Start != node.Start) return $"it begins with {Start}, the node with {node.Start}: start the node with that bundle of actors, or fork";

        return NetworkName == node.NetworkName ? null : $"it is of the network '{NetworkName}', the node of '{node.NetworkName}'";
    }

    /// <summary>
    /// The CID of a block of a saved chain that is not of its state. Actors cannot write blocks with this hash function, so that they cannot be
    /// taken for one.
    /// </summary>
    public static Cid CidOf(ReadOnlySpan<byte> block) => Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Sha2_256, Sha256.Hash(block));

    /// <summary>Whether a CID is of such a block.</summary>
    public static bool IsOwn(in Cid cid) => cid.Codec == Multicodec.DagCbor && cid.MultihashCode == MultihashCode.Sha2_256;
}
