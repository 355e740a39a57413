namespace Fvm.Node;

/// <summary>What a call gave.</summary>
/// <param name="Ret">The result of the message.</param>
/// <param name="Data">What the contract returned, or the reason of its revert; of a creation, the code.</param>
/// <param name="Logs">Its logs.</param>
internal sealed record CallOutcome(ApplyRet Ret, byte[] Data, IReadOnlyList<LocalLog> Logs)
{
    /// <summary>The exit code.</summary>
    public ExitCode ExitCode => Ret.Receipt.ExitCode;

    /// <summary>The gas used.</summary>
    public ulong GasUsed => Ret.Receipt.GasUsed;
}
