namespace Fvm.Actors;

/// <summary>The encodings that have no parts; <c>Schema/README.md</c> describes them.</summary>
internal enum Primitive
{
    Uint,
    Int,
    Epoch,
    Actor,
    Bool,
    Text,
    Bytes,
    Cid,
    Address,
    Token,
    Bigint,
    U256,
    Bitfield,
    Signature,
    Label,
    Any,
    Raw,
}
