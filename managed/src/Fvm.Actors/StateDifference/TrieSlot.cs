using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>One slot of a node: a link to a node, or entries.</summary>
/// <param name="Link">The node; null for entries.</param>
/// <param name="Extension">What a KAMT's link skips; empty otherwise.</param>
/// <param name="Entries">Keys and values.</param>
internal sealed record TrieSlot(Cid? Link, string Extension, IReadOnlyList<(string Key, byte[] Value)> Entries);
