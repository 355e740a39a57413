namespace Fvm.Actors;

/// <summary>The three maps of actors' state, each a trie of blocks.</summary>
internal enum TrieKind
{
    Hamt,
    Amt,
    Kamt,
}
