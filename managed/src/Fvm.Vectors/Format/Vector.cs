// One vector of the class "message".
namespace Fvm.Vectors;

/// <summary>
/// One vector of the public class "message", with the additions of recorded vectors. Cids and token amounts stay in their
/// text form here: what is compared is compared as text, what is used is parsed when the vector runs.
/// </summary>
public sealed record Vector
{
    /// <summary>The file's name without folders, and <c>#id</c> for a vector of a set.</summary>
    public required string Name { get; init; }

    /// <summary>The file as it was named, and <c>#id</c> for a vector of a set: an argument that leads to this vector again.</summary>
    public required string Source { get; init; }

    /// <summary><c>_meta.id</c>, or the file's name without extension where there is none.</summary>
    public required string Id { get; init; }

    /// <summary><c>_meta.desc</c>: what the vector is about, for people.</summary>
    public string? Description { get; init; }

    /// <summary><c>_meta.recorded_with</c>: what the results were recorded with.</summary>
    public string? Recorder { get; init; }

    /// <summary>Whether the recorder answered for proofs: it said yes to each. Vectors taken from the chain do not tell.</summary>
    public bool TellsHowProofsFared => Recorder is not null;

    /// <summary><c>_meta.bundle</c>: the file name of the actors' bundle; null when the CAR holds the actors' code too.</summary>
    public string? Bundle { get; init; }

    /// <summary>The network versions and epochs to run at; at least one.</summary>
    public required IReadOnlyList<VectorVariant> Variants { get; init; }

    /// <summary>The state tree's root before the first message.</summary>
    public required string PreRoot { get; init; }

    /// <summary>The state tree's root after the last message.</summary>
    public required string PostRoot { get; init; }

    /// <summary>In attoFIL, a decimal number.</summary>
    public required string BaseFee { get; init; }

    /// <summary>In attoFIL, a decimal number.</summary>
    public required string CirculatingSupply { get; init; }

    /// <summary>The EIP-155 chain id.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>In seconds since 1970; null means 30 seconds an epoch, counted from zero.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>Whether actors may log and store artifacts.</summary>
    public bool ActorDebugging { get; init; }

    /// <summary>The pre-state's blocks: a CARv1, usually compressed with gzip.</summary>
    public required byte[] Car { get; init; }

    public required IReadOnlyList<VectorMessage> Messages { get; init; }

    /// <summary>One a message.</summary>
    public required IReadOnlyList<ExpectedReceipt> Receipts { get; init; }

    /// <summary>One a message; empty in public vectors, which do not have them.</summary>
    public IReadOnlyList<ExpectedApplyRet> ApplyRets { get; init; } = [];

    public IReadOnlyList<VectorRandomness> Randomness { get; init; } = [];

    public IReadOnlyList<VectorTipsetCid> TipsetCids { get; init; } = [];

    /// <summary>Why this vector is not for this machine (its selector asks for a test-only actor); null to run it.</summary>
    public string? SkipReason { get; init; }
}
