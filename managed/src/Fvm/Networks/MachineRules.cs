namespace Fvm;

/// <summary>How a generation of the machine behaves where neither prices nor syscalls say so.</summary>
public sealed record MachineRules
{
    /// <summary>Nested actor calls, the outermost included (one more at fvm 2, which does not count it).</summary>
    public required uint MaxCallDepth { get; init; }

    /// <summary>Bytes of a block that an actor makes (without a bound of its own at fvm 2: gas bounds it).</summary>
    public required int MaxBlockLength { get; init; }

    /// <summary>Blocks, parameters and return values are DAG-CBOR and nothing else (fvm 2).</summary>
    public required bool OnlyDagCbor { get; init; }

    /// <summary>Code that the manifest does not name does not run (fvm 2).</summary>
    public required bool RunsOnlyBuiltinActors { get; init; }

    /// <summary>Code without an entry point is a fatal error, and no exit code (fvm 3 and before).</summary>
    public required bool MissingEntryIsFatal { get; init; }

    /// <summary>A module that cannot be instantiated is a fatal error, and no exit code (fvm 2).</summary>
    public required bool FailedInstantiationIsFatal { get; init; }

    /// <summary>
    /// A syscall that is refused because its result has no place leaves the execution gas, which it settled, to be charged a second time
    /// at the next settlement (from fvm 3 on).
    /// </summary>
    public required bool RefusedResultsRepeatExecutionGas { get; init; }

    /// <summary>
    /// A call that is refused for its depth leaves the gas limit that was asked for it in force (fvm 3): from then on limits are off by
    /// one call. At fvm 2 calls have no limits of their own.
    /// </summary>
    public required bool KeepsGasLimitOfTooDeepCalls { get; init; }

    /// <summary>An account is charged for before it is known whether it may be created (fvm 2).</summary>
    public required bool ChargesRefusedAccounts { get; init; }

    /// <summary>Hashing is charged for before it is known whether there is such a hash function (fvm 2).</summary>
    public required bool ChargesUnknownHashes { get; init; }

    /// <summary>
    /// Metering counts each local of a function and the default targets of <c>br_table</c> (fvm-wasm-instrument 0.2, fvm 2).
    /// </summary>
    public required bool MetersEachLocalAndTarget { get; init; }

    /// <summary>
    /// How many kinds of seals there are, from the first: without the synthetic ones (fvm 2), without the non-interactive ones (fvm 3),
    /// all of them. A later kind is no proof.
    /// </summary>
    public required int SealKinds { get; init; }

    /// <summary>Window proofs of the first generation (V1) may prove sectors (fvm 3 and before).</summary>
    public required bool TakesFirstWindowPosts { get; init; }

    /// <summary>Window proofs of the second generation (V1P1) may prove sectors (from fvm 3 on).</summary>
    public required bool TakesSecondWindowPosts { get; init; }

    /// <summary>
    /// On calibnet, 32 GiB window proofs of the second generation are verified as if they were of the first until a certain epoch: they were
    /// wrongly refused there, and the chain has it so (fvm 3: <c>kernel/default.rs</c>, verify_post).
    /// </summary>
    public required bool MistakesCalibnetPosts { get; init; }

    /// <summary>A tipset's CID cannot be had from so many epochs back (chain finality at fvm 3).</summary>
    public required long TipsetLookbackEnd { get; init; }

    /// <summary>Traces show the actors that are invoked, as they were then (from fvm 3 on).</summary>
    public required bool TracesInvokedActors { get; init; }

    /// <summary>Traces show the constructor of an account that a send creates as an invocation (fvm 3).</summary>
    public required bool TracesImplicitConstructors { get; init; }

    /// <summary>Traces show blocks that are opened and linked, and what actors log (from fvm 4 on).</summary>
    public required bool TracesBlocksAndLogs { get; init; }

    /// <summary>Traces show the message's gas limit at each call (fvm 2).</summary>
    public required bool TracesGasLimitOfMessage { get; init; }

    /// <summary>Traces show that a call ran out of gas as an error, and not as an exit code (fvm 2).</summary>
    public required bool TracesOutOfGasAsError { get; init; }
}
