namespace Fvm;

/// <summary>The version of a state tree, as encoded in its root.</summary>
public enum StateTreeVersion : ulong
{
    V0 = 0,
    V1 = 1,
    V2 = 2,
    V3 = 3,

    /// <summary>Actors have four fields.</summary>
    V4 = 4,

    /// <summary>Actors have a fifth field, the delegated address.</summary>
    V5 = 5,
}
