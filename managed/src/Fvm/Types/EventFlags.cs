namespace Fvm;

/// <summary>Which parts of an event entry clients should index.</summary>
[Flags]
public enum EventFlags : ulong
{
    None = 0,
    IndexedKey = 1,
    IndexedValue = 2,
    IndexedAll = IndexedKey | IndexedValue,
}
