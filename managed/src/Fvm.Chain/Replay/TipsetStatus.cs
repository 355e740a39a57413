namespace Fvm.Chain;

/// <summary>How the check of a tipset ended.</summary>
public enum TipsetStatus
{
    /// <summary>The results are the chain's.</summary>
    Equal,

    /// <summary>They differ.</summary>
    Different,

    /// <summary>The tipset cannot be executed by a machine alone.</summary>
    Skipped,

    /// <summary>A block that the execution reads is not there, so there is no result to compare.</summary>
    Incomplete,
}
