namespace Fvm.Chain;

/// <summary>What is kept of a tipset's execution beyond its results; each costs time.</summary>
[Flags]
public enum ExecutionDetail
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The traces of all messages.</summary>
    Traces = 1,

    /// <summary>The states between the messages.</summary>
    States = 2,

    /// <summary>The syscalls in the traces.</summary>
    Syscalls = 4,
}
