namespace Fvm;

/// <summary>An operation on a block; the numbers are those of encoded traces.</summary>
public enum IpldOperation
{
    /// <summary>Opened.</summary>
    Get = 0,

    /// <summary>Linked.</summary>
    Put = 1,
}
