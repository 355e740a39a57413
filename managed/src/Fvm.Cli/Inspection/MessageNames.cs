using Fvm.Actors;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The names of actors and of methods of messages, on one state.</summary>
internal sealed class MessageNames
{
    private readonly StateTree? _tree;
    private readonly Dictionary<Cid, string> _names;

    /// <param name="store">The state's blocks.</param>
    /// <param name="root">The state.</param>
    /// <param name="networkVersion">The network version, which the actors' version follows from.</param>
    public MessageNames(IBlockstore store, Cid root, uint networkVersion)
    {
        _names = ActorLookup.Names(store, root);
        _tree = store.Get(root) is byte[] block && StateRoot.TryDecode(root, block) is StateRoot state
            ? StateTree.Load(store, root, state.Version)
            : null;
        int version = NetworkRules.TryFor((NetworkVersion)networkVersion, out NetworkRules? rules) ? rules.ActorsVersion : BuiltinActors.LastVersion;
        Names = new ActorNames(code => _names.GetValueOrDefault(code), version);
    }

    /// <summary>The names by code.</summary>
    public ActorNames Names { get; }

    /// <summary>The receiver's name; null if it is not there or not a builtin actor.</summary>
    public string? ReceiverOf(Message message)
    {
        try
        {
            return _tree?.LookupId(message.To) is ActorId id && _tree.GetActor(id) is ActorState actor ? Names.NameOf(actor.Code) : null;
        }
        catch (FatalException)
        {
            // Of a state that is there only in part, names are missing.
            return null;
        }
    }

    /// <summary>The method called; null if it has no name.</summary>
    public ActorMethod? Find(Message message) => Names.MethodOf(ReceiverOf(message), message.Method);

    /// <summary>The method called: its number, and its name if it has one.</summary>
    public string MethodOf(Message message) => Find(message) is ActorMethod method ? $"{message.Method} {method.Name}" : $"{message.Method}";
}
