namespace Fvm.Chain;

/// <summary>A request to a node failed.</summary>
/// <param name="problem">What is wrong, and what to do.</param>
/// <param name="isTransient">Whether another attempt may succeed.</param>
internal sealed class RpcException(string problem, bool isTransient) : Exception(problem)
{
    /// <summary>What to do where a node refuses a request.</summary>
    public const string TokenRemedy = "give a token of the node by --token-file";

    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsTransient => isTransient;

    /// <summary>The pause that the node asks for; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether no connection came about.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Whether the node does not accept several calls in one request.</summary>
    public bool RefusesBatch { get; init; }
}
