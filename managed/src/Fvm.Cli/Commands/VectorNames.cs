using Fvm.Actors;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The names of the actors and methods that a vector's messages are for, by its state before the first message.</summary>
internal sealed class VectorNames
{
    private readonly LayeredBlockstore _store;
    private readonly Cid _root;
    private readonly NetworkRules? _rules;
    private readonly Dictionary<Cid, string> _names = [];

    /// <param name="vector">The vector.</param>
    /// <param name="state">The blocks of its state.</param>
    /// <param name="bundles">The folder of the bundles; null for none.</param>
    public VectorNames(Vector vector, CarBlockstore state, string? bundles)
    {
        uint version = vector.Variants[0].NetworkVersion;
        _rules = Enum.IsDefined((NetworkVersion)version) ? NetworkRules.For(version) : null;
        _store = new LayeredBlockstore(new MemoryBlockstore(), state, BundleOf(vector, bundles));
        if (Cid.TryParse(vector.PreRoot, out _root))
        {
            _names = ActorLookup.Names(_store, _root);
        }
    }

    /// <summary>Why there are no names; null if there are.</summary>
    public string? Problem { get; private set; }

    /// <summary>The name of an actor; null if it is not there before the first message, or not a builtin actor.</summary>
    public string? ActorOf(in Address address)
    {
        try
        {
            return _rules is NetworkRules rules && !_root.IsDefault
                && ActorLookup.Find(_store, _root, rules.StateTree, address) is (_, ActorState actor)
                ? _names.GetValueOrDefault(actor.Code)
                : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>The method that a message calls; null if it is not known.</summary>
    public ActorMethod? MethodOf(string? actor, MethodNumber method) =>
        actor is null || _rules is null ? null : BuiltinActors.Table.FindMethod(actor, _rules.ActorsVersion, method);

    private IBlockstore BundleOf(Vector vector, string? bundles)
    {
        try
        {
            BundleCatalog catalog = new(bundles);
            return vector.Bundle is string name ? catalog.Open(name) : catalog.OpenDefault(vector.Variants[0].NetworkVersion);
        }
        catch (InputException exception)
        {
            Problem = exception.Message;
            return new MemoryBlockstore();
        }
    }
}
