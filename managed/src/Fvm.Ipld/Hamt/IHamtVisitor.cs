namespace Fvm.Ipld;

/// <summary>Receives what a walk of a possibly incomplete or malformed HAMT finds (<see cref="Hamt.Walk"/>).</summary>
public interface IHamtVisitor
{
    /// <summary>An entry of a node.</summary>
    void Entry(in Cid node, in HamtEntry entry);

    /// <summary>A link to a node that the store lacks; the entries below it are unknown.</summary>
    void Missing(in Cid node);

    /// <summary>A node that is malformed, or in the wrong place.</summary>
    void Malformed(in Cid node, string reason);
}
