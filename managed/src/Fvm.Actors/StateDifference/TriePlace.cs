namespace Fvm.Actors;

/// <summary>A node and where it is.</summary>
/// <param name="Slots">Its slots.</param>
/// <param name="Height">An AMT's height above its leaves; the depth of other nodes.</param>
/// <param name="First">The first index below an AMT's node.</param>
internal sealed record TriePlace(SortedDictionary<int, TrieSlot> Slots, int Height, ulong First);
