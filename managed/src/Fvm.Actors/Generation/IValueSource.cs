using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>Chooses the values of generated parameters.</summary>
public interface IValueSource
{
    /// <summary>A number below <paramref name="limit"/>.</summary>
    int Below(int limit);

    /// <summary>An unsigned integer.</summary>
    ulong Integer();

    /// <summary>An epoch.</summary>
    long Epoch();

    /// <summary>An actor's ID.</summary>
    ulong Actor();

    /// <summary>The bytes of an address.</summary>
    byte[] Address();

    /// <summary>The bytes of a big integer: none, or a sign and a magnitude.</summary>
    byte[] BigInteger();

    /// <summary>The bytes of a bitfield.</summary>
    byte[] Bitfield();

    /// <summary>Bytes of no known form.</summary>
    byte[] Bytes();

    /// <summary>A link.</summary>
    Cid Link();

    /// <summary>Encoded CBOR that replaces the next item, such as one of another type; null to write that item.</summary>
    byte[]? Replacement();
}
