namespace Fvm.Wasm;

/// <summary>Rounding modes; the values are the immediates of roundss and roundsd.</summary>
internal enum Rounding : byte
{
    NearestEven = 0,
    Down = 1,
    Up = 2,
    TowardsZero = 3,
}
