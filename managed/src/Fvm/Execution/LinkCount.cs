namespace Fvm;

/// <summary>What a scan for links is charged for.</summary>
/// <param name="Fields">The number of CBOR fields.</param>
/// <param name="Links">The number of links, including ignored and inline ones.</param>
internal readonly record struct LinkCount(ulong Fields, ulong Links);
