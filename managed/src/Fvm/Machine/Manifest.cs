using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Which code is which builtin actor: a list of names and code CIDs, in which the place, counted from one, is the actor's type
/// (reference: <c>fvm/src/machine/manifest.rs</c>).
/// </summary>
public sealed class Manifest
{
    /// <summary>The only version there is.</summary>
    public const uint Version = 1;

    private static readonly string[] SingletonNames =
        ["system", "init", "reward", "cron", "storagepower", "storagemarket", "verifiedregistry"];

    private readonly Cid[] _codes;
    private readonly string[] _names;
    private readonly Dictionary<Cid, uint> _types;

    /// <param name="actors">Names and code CIDs, in order.</param>
    /// <param name="delegatedAddresses">Whether placeholder, eam and ethaccount must be there, too.</param>
    /// <exception cref="FatalException">An actor that the machine needs is missing.</exception>
    public Manifest(IReadOnlyList<(string Name, Cid Code)> actors, bool delegatedAddresses = true)
    {
        _codes = new Cid[actors.Count];
        _names = new string[actors.Count];
        _types = new Dictionary<Cid, uint>(actors.Count);
        for (int i = 0; i < actors.Count; i++)
        {
            // Of a code that is there twice, the last type counts; so it is with names.
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

    /// <summary>No CID where there are no delegated addresses.</summary>
    public Cid PlaceholderCode { get; }

    /// <summary>No CID where there are no delegated addresses.</summary>
    public Cid EamCode { get; }

    /// <summary>No CID where there are no delegated addresses.</summary>
    public Cid EthAccountCode { get; }

    /// <summary>The code of all builtin actors, by type less one.</summary>
    public ReadOnlySpan<Cid> Codes => _codes;

    /// <summary>The manifest of a state: the list that its system actor names.</summary>
    /// <exception cref="FatalException">It is not there, does not decode, or misses an actor.</exception>
    public static Manifest Load(IBlockstore store, in Cid list, uint version, bool delegatedAddresses = true)
    {
        if (version != Version)
        {
            throw new FatalException($"unsupported manifest version {version}");
        }

        byte[] block = StateBlocks.Get(store, list, "manifest");
        return new Manifest(StateBlocks.Decode(block, "manifest", static bytes => DecodeList(bytes)), delegatedAddresses);
    }

    /// <summary>The manifest of a bundle, whose root holds the version and the list's CID.</summary>
    /// <exception cref="FatalException">It is not there, does not decode, or misses an actor.</exception>
    public static Manifest LoadBundle(IBlockstore store, in Cid root, bool delegatedAddresses = true)
    {
        byte[] block = StateBlocks.Get(store, root, "actor manifest");
        (uint version, Cid list) = StateBlocks.Decode(block, "actor manifest", static bytes => DecodeRoot(bytes));
        return Load(store, list, version, delegatedAddresses);
    }

    /// <summary>Reads a list of names and code CIDs.</summary>
    /// <exception cref="CborException">There is none.</exception>
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

    /// <summary>Reads a bundle's root: version and the CID of the list.</summary>
    /// <exception cref="CborException">There is none.</exception>
    public static (uint Version, Cid List) DecodeRoot(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        reader.ReadArrayHeader(2);
        uint version = reader.ReadUInt32();
        Cid list = reader.ReadCid();
        reader.EnsureEnd();
        return (version, list);
    }

    /// <summary>The type of a code, or zero when it is not a builtin actor's.</summary>
    public uint TypeOf(in Cid code) => _types.GetValueOrDefault(code);

    /// <summary>The code of a type.</summary>
    /// <returns>False when there is no such type.</returns>
    public bool TryGetCode(uint type, out Cid code)
    {
        bool known = type >= 1 && type <= (uint)_codes.Length;
        code = known ? _codes[type - 1] : default;
        return known;
    }

    /// <summary>The name of a code, or null when it is not a builtin actor's.</summary>
    public string? NameOf(in Cid code) => TypeOf(code) is uint type and > 0 ? _names[type - 1] : null;

    /// <summary>Whether the code is that of an actor which exists once. Asked before NV18 alone, so of the actors of that time.</summary>
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
