using Fvm.Actors;
using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>The names of builtin actors and of their methods on one state.</summary>
/// <param name="nameOf">Maps a code CID to the actor's name in the manifest; null for other actors.</param>
/// <param name="version">The actors' version.</param>
public sealed class ActorNames(Func<Cid, string?> nameOf, int version)
{
    /// <summary>No names.</summary>
    public static ActorNames None { get; } = new(static _ => null, BuiltinActors.LastVersion);

    /// <summary>The names of a machine's actors.</summary>
    public static ActorNames Of(Machine machine) =>
        new(code => machine.Manifest.NameOf(code), NetworkRules.For((uint)machine.Context.Network.NetworkVersion).ActorsVersion);

    /// <summary>An actor's name; null if it is not a builtin actor.</summary>
    public string? NameOf(Cid code) => nameOf(code);

    /// <summary>A method of a builtin actor; null if it has none of this number.</summary>
    public ActorMethod? MethodOf(string? actor, MethodNumber method) =>
        actor is null ? null : BuiltinActors.Table.FindMethod(actor, version, method);
}
