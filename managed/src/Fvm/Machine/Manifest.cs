using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The manifest of builtin actors: a list of names and code CIDs, in which the position, from one, is the actor type (reference:
/// <c>fvm/src/machine/manifest.rs</c>).
/// </summary>
public sealed class Manifest
{
    /// <summary>The only supported version.</summary>
    public const uint Version = 1;

    private static readonly string[] SingletonNames =
        ["system", "init", "reward", "cron", "storagepower", "storagemarket", "verifiedregistry"];

    private readonly Cid[] _codes;
    private readonly string[] _names;
    private readonly Dictionary<Cid, uint> _types;

    /// <param name="actors">Names and code CIDs, in order.</param>
    /// <param name="delegatedAddresses">Whether placeholder, eam and ethaccount are required, too.</param>
    /// <exception cref="FatalException">A required actor is missing.</exception>
    public Manifest(IReadOnlyList<(string Name, Cid Code)> actors, bool delegatedAddresses = true)
    {
        _codes = new Cid[actors.Count];
        _names = new string[actors.Count];
        _types = new Dictionary<Cid, uint>(actors.Count);
        for (int i = 0; i < actors.Count; i++)
        {
            // Of duplicate codes, or names, the last one counts.
            (_names[i], _codes[i]) = actors[i];
            _types[_codes[i]] = (uint)i + 1;
        }

        AccountCode = Require("account");
        SystemCode = Require("system");
        InitCode = Require("init");
        PlaceholderCode = delegatedAddresses ? Require("placeholder") : default;
        EamCode = delegatedAddresses ? Require("eam") : default;
        EthAccountCode = delegatedAddresses ? Require("ethaccount") : default;
    }

    public Cid AccountCode { get; }

    public Cid SystemCode { get; }

    public Cid InitCode { get; }

    /// <summary>The default value if there are no delegated addresses.</summary>
    public Cid PlaceholderCode { get; }

    /// <summary>The default value if there are no delegated addresses.</summary>
    public Cid EamCode { get; }

    /// <summary>The default value if there are no delegated addresses.</summary>
    public Cid EthAccountCode { get; }

    /// <summary>The code CIDs of all builtin actors, by type minus one.</summary>
    public ReadOnlySpan<Cid> Codes => _codes;

    /// <summary>Loads a state's manifest: the list referenced by its system actor.</summary>
    /// <exception cref="FatalException">It is missing or malformed, or lacks a required actor.</exception>
    public static Manifest Load(IBlockstore store, in Cid list, uint version, bool delegatedAddresses = true)
    {
        if (version != Version)
        {
            throw new FatalException($"unsupported manifest version {version}");
        }

        byte[] block = StateBlocks.Get(store, list, "manifest");
        return new Manifest(StateBlocks.Decode(block, "manifest", static bytes => DecodeList(bytes)), delegatedAddresses);
    }

    /// <summary>Loads a bundle's manifest from its root, which holds version and the list's CID.</summary>
    /// <exception cref="FatalException">It is missing or malformed, or lacks a required actor.</exception>
    public static Manifest LoadBundle(IBlockstore store, in Cid root, bool delegatedAddresses = true)
    {
        byte[] block = StateBlocks.Get(store, root, "actor manifest");
        (uint version, Cid list) = StateBlocks.Decode(block, "actor manifest", static bytes => DecodeRoot(bytes));
        return Load(store, list, version, delegatedAddresses);
    }

    /// <summary>Decodes a list of names and code CIDs.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static (string Name, Cid Code)[] DecodeList(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        (string Name, Cid Code)[] actors = CborFields.ReadList(ref reader, static (ref CborReader item) =>
        {
            item.ReadArrayHeader(2);
            string name = item.ReadText();
            return (name, item.ReadCid());
        });
        reader.EnsureEnd();
        return actors;
    }

    /// <summary>Encodes a list of names and code CIDs.</summary>
    public static byte[] EncodeList(IReadOnlyCollection<(string Name, Cid Code)> actors)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(actors.Count);
        foreach ((string name, Cid code) in actors)
        {
            writer.WriteArrayHeader(2);
            writer.WriteText(name);
            writer.WriteCid(code);
        }

        return writer.ToArray();
    }

    /// <summary>Decodes a bundle's root: version and the CID of the list.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static (uint Version, Cid List) DecodeRoot(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        reader.ReadArrayHeader(2);
        uint version = reader.ReadUInt32();
        Cid list = reader.ReadCid();
        reader.EnsureEnd();
        return (version, list);
    }

    /// <summary>The CID of the list in a block that may be a bundle's root.</summary>
    /// <returns>Null if it is none.</returns>
    public static Cid? TryDecodeRoot(in Cid cid, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return cid.Codec == Multicodec.DagCbor ? DecodeRoot(bytes).List : null;
        }
        catch (CborException)
        {
            return null;
        }
    }

    /// <summary>The actor type of a code; zero if it is not a builtin actor's.</summary>
    public uint TypeOf(in Cid code) => _types.GetValueOrDefault(code);

    /// <summary>The code of an actor type.</summary>
    /// <returns>False if there is no such type.</returns>
    public bool TryGetCode(uint type, out Cid code)
    {
        bool known = type >= 1 && type <= (uint)_codes.Length;
        code = known ? _codes[type - 1] : default;
        return known;
    }

    /// <summary>The name of a code; null if it is not a builtin actor's.</summary>
    public string? NameOf(in Cid code) => TypeOf(code) is uint type and > 0 ? _names[type - 1] : null;

    /// <summary>Whether the code is that of a singleton actor. Used only before NV18, so it covers the actors of that time.</summary>
    public bool IsSingleton(in Cid code)
    {
        foreach (string name in SingletonNames)
        {
            int at = Array.LastIndexOf(_names, name);
            if (at >= 0 && _codes[at] == code)
            {
                return true;
            }
        }

        return false;
    }

    public bool IsAccount(in Cid code) => code == AccountCode;

    public bool IsPlaceholder(in Cid code) => !PlaceholderCode.IsDefault && code == PlaceholderCode;

    public bool IsEthAccount(in Cid code) => !EthAccountCode.IsDefault && code == EthAccountCode;

    private Cid Require(string name)
    {
        int at = Array.LastIndexOf(_names, name);
        return at >= 0 ? _codes[at] : throw new FatalException($"manifest missing {name} actor");
    }
}
