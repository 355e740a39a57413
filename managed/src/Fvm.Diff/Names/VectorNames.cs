using Fvm.Actors;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>The names of the actors and methods that a vector's messages are for, by its state before the first message.</summary>
public sealed class VectorNames
{
    private readonly Cid _root;
    private readonly NetworkRules? _rules;
    private readonly Dictionary<Cid, string> _names = [];

    /// <param name="vector">The vector.</param>
    /// <param name="state">The blocks of its state.</param>
    /// <param name="bundles">The bundles.</param>
    public VectorNames(Vector vector, CarBlockstore state, BundleCatalog bundles)
    {
        uint version = vector.Variants[0].NetworkVersion;
        _rules = Enum.IsDefined((NetworkVersion)version) ? NetworkRules.For(version) : null;
        Blocks = new LayeredBlockstore(new MemoryBlockstore(), state, BundleOf(vector, bundles));
        if (Cid.TryParse(vector.PreRoot, out _root))
        {
            _names = ActorLookup.Names(Blocks, _root);
        }
    }

    /// <summary>The blocks of the vector's state and of its bundle.</summary>
    public LayeredBlockstore Blocks { get; }

    /// <summary>Why there are no names; null if there are.</summary>
    public string? Problem { get; private set; }

    /// <summary>The name of an actor; null if it is not there before the first message, or not a builtin actor.</summary>
    public string? ActorOf(in Address address)
    {
        try
        {
            return _rules is NetworkRules rules && !_root.IsDefault
                && ActorLookup.Find(Blocks, _root, rules.StateTree, address) is (_, ActorState actor)
                ? _names.GetValueOrDefault(actor.Code)
                : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>The name of the builtin actor with a code; null if it is none of the state's manifest.</summary>
    public string? NameOf(Cid code) => _names.GetValueOrDefault(code);

    /// <summary>The method that a message calls; null if it is not known.</summary>
    public ActorMethod? MethodOf(string? actor, MethodNumber method) =>
        actor is null || _rules is null ? null : BuiltinActors.Table.FindMethod(actor, _rules.ActorsVersion, method);

    private IBlockstore BundleOf(Vector vector, BundleCatalog bundles)
    {
        try
        {
            return bundles.Of(vector, vector.Variants[0]);
        }
        catch (InputException exception)
        {
            Problem = exception.Message;
            return new MemoryBlockstore();
        }
    }
}
