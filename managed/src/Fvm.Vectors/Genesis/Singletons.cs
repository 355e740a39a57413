namespace Fvm.Vectors;

/// <summary>An actor that exists once, and its constructor's parameters.</summary>
/// <param name="Id">The actor's ID.</param>
/// <param name="Name">Its name in the manifest.</param>
/// <param name="Parameters">DAG-CBOR; empty for none.</param>
internal readonly record struct Singleton(ulong Id, string Name, byte[] Parameters);

/// <summary>The singletons whose state their constructors make, in the order of construction (builtin-actors, v10 and later).</summary>
internal static class Singletons
{
    /// <summary>The ID of the power actor, which creates miners.</summary>
    public const ulong Power = 4;

    /// <summary>The number of the proof type "window PoSt, 32 GiB", of actors after <see cref="LastActorsWithFirstPost"/>.</summary>
    public const ulong WindowPost32GiB = 13;

    /// <summary>The same of earlier actors.</summary>
    public const ulong FirstWindowPost32GiB = 8;

    /// <summary>The last version of the actors with the first form of window PoSt (FIP-0061 changed it).</summary>
    public const uint LastActorsWithFirstPost = 10;

    // The parameters in CBOR: an amount of power, zero; the methods that cron calls, the power actor's fifth and the market actor's ninth;
    // the root of the verified registry, f080; the governor of DataCap, the verified registry.
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Singleton> Rows { get; } =
    [
        new(2,     "reward",           [0x40]),
        new(3,     "cron",             [0x81, 0x82, 0x82, 0x42, 0x00, 0x04, 0x05, 0x82, 0x42, 0x00, 0x05, 0x09]),
        new(Power, "storagepower",     []),
        new(5,     "storagemarket",    []),
        new(6,     "verifiedregistry", [0x42, 0x00, 0x50]),
        new(7,     "datacap",          [0x42, 0x00, 0x06]),
    ];
}
