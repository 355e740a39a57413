using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>The actors of a state tree, as far as its blocks are present and well-formed.</summary>
internal sealed class StateSurvey
{
    private readonly List<(ActorId Id, ActorState State)> _actors = [];
    private readonly List<(string Actor, string Reason)> _malformedActors = [];

    private bool _manifestMalformed;

    private StateSurvey(StateTreeVersion version, IBlockstore store, in Cid actors)
    {
        Version = version;
        Tree = Hamt.Survey(store, actors, HamtOptions.State, Add);
        _actors.Sort(static (left, right) => left.Id.Value.CompareTo(right.Id.Value));
    }

    public StateTreeVersion Version { get; }

    /// <summary>The nodes of the tree's HAMT.</summary>
    public HamtSurvey Tree { get; }

    /// <summary>The actors by ID.</summary>
    public IReadOnlyList<(ActorId Id, ActorState State)> Actors => _actors;

    /// <summary>Malformed entries, each with the reason.</summary>
    public IReadOnlyList<(string Actor, string Reason)> MalformedActors => _malformedActors;

    /// <summary>Builtin actor names by code CID; empty if the manifest is missing.</summary>
    public IReadOnlyDictionary<Cid, string> Names { get; private set; } = new Dictionary<Cid, string>();

    /// <summary>Why there are no names; null if there are.</summary>
    public string? NamesProblem { get; private set; }

    /// <summary>Whether any present block is malformed.</summary>
    public bool IsMalformed => Tree.Malformed.Count > 0 || _malformedActors.Count > 0 || _manifestMalformed;

    /// <summary>Number of known nodes: those read and those linked to.</summary>
    public int KnownNodes => Tree.Nodes + Tree.Missing.Count + Tree.Malformed.Select(static node => node.Node).Distinct().Count();

    /// <summary>Surveys the tree below a root.</summary>
    /// <param name="root">The decoded root block.</param>
    /// <param name="store">The state's blocks, and the manifest's.</param>
    public static StateSurvey Of(StateRoot root, IBlockstore store)
    {
        StateSurvey survey = new(root.Version, store, root.Actors);
        try
        {
            survey.ReadNames(store);
        }
        catch (Exception exception) when (exception is CborException or BlockstoreException)
        {
            survey._manifestMalformed = true;
            survey.NamesProblem = $"the manifest is malformed: {exception.Message}";
        }

        return survey;
    }

    /// <summary>The name of a builtin actor; null for other actors.</summary>
    public string? NameOf(ActorState actor) => Names.GetValueOrDefault(actor.Code);

    private void ReadNames(IBlockstore store)
    {
        ActorState? system = _actors.Where(static actor => actor.Id == ActorId.System).Select(static actor => actor.State).FirstOrDefault();
        if (system is null)
        {
            NamesProblem = "the system actor f00, which links to the manifest, is missing";
        }
        else if (store.Get(system.State) is not byte[] state)
        {
            NamesProblem = $"the system actor's state {system.State} is missing";
        }
        else if (SystemActorState.Decode(state).BuiltinActors is var list && store.Get(list) is byte[] block)
        {
            Dictionary<Cid, string> names = [];
            foreach ((string name, Cid code) in Manifest.DecodeList(block))
            {
                names[code] = name;
            }

            Names = names;
        }
        else
        {
            NamesProblem = $"the manifest's list {list} is missing: name a bundle that contains it with --bundle FILE.car";
        }
    }

    private void Add(HamtEntry entry)
    {
        string name = $"0x{Convert.ToHexStringLower(entry.Key.Span)}";
        try
        {
            if (!Address.TryFromBytes(entry.Key.Span, out Address address) || !address.TryGetId(out ActorId id))
            {
                _malformedActors.Add((name, "its key is not an ID address"));
                return;
            }

            name = address.ToString();
            _actors.Add((id, ActorState.Decode(entry.Value.Span, Version)));
        }
        catch (CborException exception)
        {
            _malformedActors.Add((name, exception.Message));
        }
    }
}
