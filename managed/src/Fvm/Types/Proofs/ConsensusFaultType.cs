namespace Fvm;

/// <summary>Kinds of consensus faults; the numbers are consensus.</summary>
public enum ConsensusFaultType : uint
{
    DoubleForkMining = 1,
    ParentGrinding = 2,
    TimeOffsetMining = 3,
}
