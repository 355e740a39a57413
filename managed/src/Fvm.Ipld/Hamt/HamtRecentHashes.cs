using System.Runtime.CompilerServices;

namespace Fvm.Ipld;

/// <summary>The hashes of the last two short keys that were hashed ahead of their look-up.</summary>
internal struct HamtRecentHashes
{
    private const int MaxKeyLength = 16;

    private Entry _last;
    private Entry _before;

    /// <summary>The hash of a key, kept or computed.</summary>
    public readonly HamtHash Of(ReadOnlySpan<byte> key) => _last.IsOf(key) ? _last.Hash : _before.IsOf(key) ? _before.Hash : new HamtHash(key);

    /// <summary>Computes the hash of a key, and keeps it if the key is short.</summary>
    public HamtHash Add(ReadOnlySpan<byte> key)
    {
        HamtHash hash = new(key);
        if (key.Length is > 0 and <= MaxKeyLength)
        {
            _before = _last;
            _last = new Entry(key, in hash);
        }

        return hash;
    }

    private readonly struct Entry
    {
        public readonly HamtHash Hash;
        private readonly Key _key;
        private readonly int _length;

        public Entry(ReadOnlySpan<byte> key, in HamtHash hash)
        {
            Hash = hash;
            key.CopyTo(_key);
            _length = key.Length;
        }

        public bool IsOf(ReadOnlySpan<byte> key) => _length == key.Length && _length > 0 && ((ReadOnlySpan<byte>)_key)[.._length].SequenceEqual(key);
    }

    [InlineArray(MaxKeyLength)]
    private struct Key
    {
        private byte _first;
    }
}
