namespace Fvm;

/// <summary>The behaviour of a generation of the machine that neither prices nor syscalls express.</summary>
public sealed record MachineRules
{
    /// <summary>The maximum number of nested actor calls, including the outermost (one more in fvm 2, which does not count it).</summary>
    public required uint MaxCallDepth { get; init; }

    /// <summary>The maximum size of a block created by an actor, in bytes (fvm 2 has no such limit: gas bounds it).</summary>
    public required int MaxBlockLength { get; init; }

    /// <summary>Blocks, parameters and return values must be DAG-CBOR (fvm 2).</summary>
    public required bool OnlyDagCbor { get; init; }

    /// <summary>Code not in the manifest does not run (fvm 2).</summary>
    public required bool RunsOnlyBuiltinActors { get; init; }

    /// <summary>Code without an entry point is a fatal error, not an exit code (fvm 3 and before).</summary>
    public required bool MissingEntryIsFatal { get; init; }

    /// <summary>A module that cannot be instantiated is a fatal error, not an exit code (fvm 2).</summary>
    public required bool FailedInstantiationIsFatal { get; init; }

    /// <summary>
    /// A syscall rejected because its result has no place in memory leaves the execution gas it settled to be charged again at the next
    /// settlement (from fvm 3 on).
    /// </summary>
    public required bool RefusedResultsRepeatExecutionGas { get; init; }

    /// <summary>
    /// A call rejected for its depth leaves its requested gas limit in force (fvm 3): from then on limits are off by one call. In fvm 2 calls
    /// have no limits of their own.
    /// </summary>
    public required bool KeepsGasLimitOfTooDeepCalls { get; init; }

    /// <summary>An account is charged before the check whether it may be created (fvm 2).</summary>
    public required bool ChargesRefusedAccounts { get; init; }

    /// <summary>Hashing is charged before the check whether the hash function exists (fvm 2).</summary>
    public required bool ChargesUnknownHashes { get; init; }

    /// <summary>
    /// Metering counts each local of a function, and the default targets of <c>br_table</c> (fvm-wasm-instrument 0.2, fvm 2).
    /// </summary>
    public required bool MetersEachLocalAndTarget { get; init; }

    /// <summary>
    /// The number of valid seal proof types, from the first: without the synthetic ones (fvm 2), without the non-interactive ones (fvm 3), or all
    /// of them. Later types are invalid.
    /// </summary>
    public required int SealKinds { get; init; }

    /// <summary>Window proofs of the first generation (V1) are valid (fvm 3 and before).</summary>
    public required bool TakesFirstWindowPosts { get; init; }

    /// <summary>Window proofs of the second generation (V1P1) are valid (from fvm 3 on).</summary>
    public required bool TakesSecondWindowPosts { get; init; }

    /// <summary>
    /// On calibnet, 32 GiB window proofs of the second generation are verified as first-generation ones up to a certain epoch: they were wrongly
    /// rejected there, and the chain records it (fvm 3: <c>kernel/default.rs</c>, verify_post).
    /// </summary>
    public required bool MistakesCalibnetPosts { get; init; }

    /// <summary>The lookback, in epochs, from which tipset CIDs are unavailable (chain finality in fvm 3).</summary>
    public required long TipsetLookbackEnd { get; init; }

    /// <summary>Traces include the invoked actors' states at invocation (from fvm 3 on).</summary>
    public required bool TracesInvokedActors { get; init; }

    /// <summary>Traces include the constructor of an account created by a send as an invocation (fvm 3).</summary>
    public required bool TracesImplicitConstructors { get; init; }

    /// <summary>Traces include opened and linked blocks, and actors' logs (from fvm 4 on).</summary>
    public required bool TracesBlocksAndLogs { get; init; }

    /// <summary>Traces show the message's gas limit for each call (fvm 2).</summary>
    public required bool TracesGasLimitOfMessage { get; init; }

    /// <summary>Traces show a call that ran out of gas as an error, not as an exit code (fvm 2).</summary>
    public required bool TracesOutOfGasAsError { get; init; }
}
