namespace Fvm.Vectors;

/// <summary>
/// One vector of the public class "message", with the additions of recorded vectors. CIDs and token amounts stay text: they are compared as
/// text, and parsed when the vector runs.
/// </summary>
public sealed record Vector
{
    /// <summary>The file name without folder, and <c>#id</c> for a vector of a set.</summary>
    public required string Name { get; init; }

    /// <summary>The file's path as given, and <c>#id</c> for a vector of a set: an argument that selects this vector again.</summary>
    public required string Source { get; init; }

    /// <summary><c>_meta.id</c>, or else the file name without extension.</summary>
    public required string Id { get; init; }

    /// <summary><c>_meta.desc</c>: a human-readable description.</summary>
    public string? Description { get; init; }

    /// <summary><c>_meta.recorded_with</c>: the machine that recorded the results.</summary>
    public string? Recorder { get; init; }

    /// <summary>Whether the results of proofs are known: recorders accept every proof. Vectors taken from the chain do not say.</summary>
    public bool TellsHowProofsFared => Recorder is not null;

    /// <summary><c>_meta.bundle</c>: the file name of the actors' bundle; null if the CAR contains the actors' code.</summary>
    public string? Bundle { get; init; }

    /// <summary>The network versions and epochs to run at; never empty.</summary>
    public required IReadOnlyList<VectorVariant> Variants { get; init; }

    /// <summary>The state tree's root before the first message.</summary>
    public required string PreRoot { get; init; }

    /// <summary>The state tree's root after the last message; empty if unknown.</summary>
    public required string PostRoot { get; init; }

    /// <summary>In attoFIL, decimal.</summary>
    public required string BaseFee { get; init; }

    /// <summary>In attoFIL, decimal.</summary>
    public required string CirculatingSupply { get; init; }

    /// <summary>The EIP-155 chain ID.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>In seconds since 1970; null means 30 seconds per epoch, starting at zero.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>Whether actors may log and store artifacts.</summary>
    public bool ActorDebugging { get; init; }

    /// <summary>The pre-state's blocks: a CARv1, usually compressed with gzip.</summary>
    public required byte[] Car { get; init; }

    public required IReadOnlyList<VectorMessage> Messages { get; init; }

    /// <summary>One per message.</summary>
    public required IReadOnlyList<ExpectedReceipt> Receipts { get; init; }

    /// <summary>One per message; empty in public vectors, which lack them.</summary>
    public IReadOnlyList<ExpectedApplyRet> ApplyRets { get; init; } = [];

    public IReadOnlyList<VectorRandomness> Randomness { get; init; } = [];

    public IReadOnlyList<VectorTipsetCid> TipsetCids { get; init; } = [];

    public IReadOnlyList<VectorConsensusFault> ConsensusFaults { get; init; } = [];

    /// <summary>Calls of the host that fail, which only machines of this process can be made to meet.</summary>
    public IReadOnlyList<VectorHostFailure> HostFailures { get; init; } = [];

    /// <summary>Why this machine skips the vector (its selector asks for a test-only actor); null to run it.</summary>
    public string? SkipReason { get; init; }
}
