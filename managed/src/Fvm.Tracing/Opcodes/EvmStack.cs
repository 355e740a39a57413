namespace Fvm.Tracing;

/// <summary>The operands of a frame, at most 1,024.</summary>
internal sealed class EvmStack
{
    private const int Limit = 1024;

    private EthWord[] _words = new EthWord[16];

    public int Count { get; private set; }

    /// <summary>The words from the bottom to the top.</summary>
    public ReadOnlySpan<EthWord> Words => _words.AsSpan(0, Count);

    /// <exception cref="EvmFault">There are fewer words.</exception>
    public void Need(int count)
    {
        if (Count < count)
        {
            throw new EvmFault(EvmFault.StackUnderflow);
        }
    }

    /// <exception cref="EvmFault">There is no room for one more.</exception>
    public void Reserve()
    {
        if (Count >= Limit)
        {
            throw new EvmFault(EvmFault.StackOverflow);
        }
    }

    /// <summary>Takes the top word, which is there.</summary>
    public EthWord Pop() => _words[--Count];

    /// <exception cref="EvmFault">The stack is full.</exception>
    public void Push(in EthWord word)
    {
        Reserve();
        if (Count == _words.Length)
        {
            Array.Resize(ref _words, Count * 2);
        }

        _words[Count++] = word;
    }

    /// <param name="depth">1 for the top.</param>
    /// <exception cref="EvmFault">It is not there, or the stack is full.</exception>
    public void Duplicate(int depth)
    {
        Reserve();
        Need(depth);
        Push(_words[Count - depth]);
    }

    /// <param name="depth">1 for the word below the top.</param>
    /// <exception cref="EvmFault">It is not there.</exception>
    public void Swap(int depth)
    {
        Need(depth + 1);
        (_words[Count - 1], _words[Count - 1 - depth]) = (_words[Count - 1 - depth], _words[Count - 1]);
    }
}
