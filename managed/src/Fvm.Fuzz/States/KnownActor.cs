namespace Fvm.Fuzz;

/// <summary>An actor of a state.</summary>
/// <param name="Id">Its ID.</param>
/// <param name="Name">The name of its code in the manifest; null for others.</param>
/// <param name="State">Its entry in the state tree.</param>
/// <param name="Key">The address that messages name it by, besides its ID; null for none.</param>
internal sealed record KnownActor(ulong Id, string? Name, ActorState State, Address? Key)
{
    /// <summary>Whether it may send explicit messages.</summary>
    public bool MaySend => Name is "account" or "ethaccount" or "placeholder";
}
