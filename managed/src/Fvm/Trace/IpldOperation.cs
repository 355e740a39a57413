namespace Fvm;

/// <summary>What was done with a block; the numbers are those of encoded traces.</summary>
public enum IpldOperation
{
    /// <summary>It was opened.</summary>
    Get = 0,

    /// <summary>It was linked.</summary>
    Put = 1,
}
