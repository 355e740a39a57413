namespace Fvm;

/// <summary>How an actor ended without returning.</summary>
/// <param name="Kind"><see cref="OutcomeKind.Exit"/>, <see cref="OutcomeKind.OutOfGas"/> or <see cref="OutcomeKind.Fatal"/>.</param>
/// <param name="ExitCode">The exit code, for <see cref="OutcomeKind.Exit"/>.</param>
/// <param name="Message">The reason, human-readable.</param>
/// <param name="Value">The block returned by an exit.</param>
internal sealed record Abort(OutcomeKind Kind, ExitCode ExitCode, string Message, BlockId Value)
{
    /// <summary>The actor, or a trap, ended the invocation with an exit code.</summary>
    public static Abort Exit(ExitCode exitCode, string message, BlockId value = default) => new(OutcomeKind.Exit, exitCode, message, value);

    /// <summary>Out of gas.</summary>
    public static Abort OutOfGas() => new(OutcomeKind.OutOfGas, ExitCode.SysOutOfGas, "out of gas", BlockId.NoData);

    /// <summary>The machine or the host is broken.</summary>
    public static Abort Fatal(string message) => new(OutcomeKind.Fatal, ExitCode.SysAssertionFailed, message, BlockId.NoData);

    /// <summary>The abort for a failed step between syscalls: a syscall error, which no actor could receive there, becomes fatal.</summary>
    public static Abort From(in Outcome outcome) =>
        outcome.Kind == OutcomeKind.OutOfGas ? OutOfGas() : Fatal(outcome.Message);
}
