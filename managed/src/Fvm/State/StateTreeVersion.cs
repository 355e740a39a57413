namespace Fvm;

/// <summary>The forms of a state tree. The numbers are what its root says.</summary>
public enum StateTreeVersion : ulong
{
    V0 = 0,
    V1 = 1,
    V2 = 2,
    V3 = 3,

    /// <summary>Actors have four fields.</summary>
    V4 = 4,

    /// <summary>Actors have a delegated address as their fifth field.</summary>
    V5 = 5,
}
