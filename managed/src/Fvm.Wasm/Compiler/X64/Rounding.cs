namespace Fvm.Wasm;

/// <summary>Rounding modes, by their number in roundss and roundsd.</summary>
internal enum Rounding : byte
{
    NearestEven = 0,
    Down = 1,
    Up = 2,
    TowardsZero = 3,
}
