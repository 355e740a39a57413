namespace Fvm.Tracing;

/// <summary>Reads words of an input, behind which there are zeros.</summary>
/// <param name="input">The input.</param>
internal struct EvmReader(ReadOnlyMemory<byte> input)
{
    private long _at;

    public void Seek(uint offset) => _at = offset;

    public void Skip() => _at += EthWord.Length;

    public EthWord ReadWord()
    {
        Span<byte> word = stackalloc byte[EthWord.Length];
        Read(word);
        return EthWord.Of(word);
    }

    /// <summary>A number of 64 bits.</summary>
    public bool TryReadUInt64(out ulong number)
    {
        EthWord word = ReadWord();
        number = unchecked((ulong)word.Low);
        return word.High == 0 && word.Low <= ulong.MaxValue;
    }

    /// <summary>A number of 32 bits.</summary>
    public bool TryReadUInt32(out uint number)
    {
        bool fits = TryReadUInt64(out ulong read) && read <= uint.MaxValue;
        number = fits ? (uint)read : 0;
        return fits;
    }

    /// <summary>A length, and as many bytes.</summary>
    public bool TryReadBytes(out byte[] bytes)
    {
        bytes = [];
        if (!TryReadUInt32(out uint length) || length > MemoryBudget.MaxBytes) return false;

        bytes = new byte[length];
        Read(bytes);
        return true;
    }

    private void Read(Span<byte> target)
    {
        target.Clear();
        if (_at < input.Length)
        {
            ReadOnlySpan<byte> rest = input.Span[(int)_at..];
            rest[..Math.Min(rest.Length, target.Length)].CopyTo(target);
        }

        _at += target.Length;
    }
}
