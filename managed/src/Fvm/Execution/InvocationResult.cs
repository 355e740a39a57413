namespace Fvm;

/// <summary>The result of an actor invocation.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Value">The returned block, if any.</param>
internal readonly record struct InvocationResult(ExitCode ExitCode, Block? Value)
{
    /// <summary>Success without a value.</summary>
    public static InvocationResult Empty => new(ExitCode.Ok, null);
}
