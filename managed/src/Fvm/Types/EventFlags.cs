namespace Fvm;

/// <summary>What clients should index of an event's entry.</summary>
[Flags]
public enum EventFlags : ulong
{
    None = 0,
    IndexedKey = 1,
    IndexedValue = 2,
    IndexedAll = IndexedKey | IndexedValue,
}
