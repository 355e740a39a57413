namespace Fvm.Vectors;

/// <summary>Removes messages, and closes the gaps that this leaves in their senders' nonces.</summary>
internal sealed class Renumbering
{
    private readonly IReadOnlyList<VectorMessage> _sources;
    private readonly Message[] _messages;

    /// <exception cref="InputException">A message does not decode.</exception>
    public Renumbering(IReadOnlyList<VectorMessage> messages)
    {
        _sources = messages;
        _messages = [.. messages.Select(Decode)];
    }

    /// <summary>Decodes a message.</summary>
    /// <exception cref="InputException">It does not decode.</exception>
    public static Message Decode(VectorMessage message, int index)
    {
        try
        {
            return Message.Decode(message.Bytes);
        }
        catch (MessageException exception)
        {
            throw new InputException($"apply_messages[{index}].bytes: {exception.Message}", exception);
        }
    }

    /// <summary>Some of the messages. Where a removed one advanced its sender's nonce, later ones of this sender have a lower nonce.</summary>
    /// <param name="kept">The indexes, in order.</param>
    public IReadOnlyList<VectorMessage> Keep(IReadOnlyList<int> kept)
    {
        VectorMessage[] messages = new VectorMessage[kept.Count];
        Dictionary<Address, ulong> removed = [];
        Dictionary<Address, ulong> next = [];
        int at = 0;
        for (int index = 0; index < _messages.Length; index++)
        {
            bool keeps = at < kept.Count && kept[at] == index;
            Message message = _messages[index];
            ulong gap = removed.GetValueOrDefault(message.From);
            if (keeps)
            {
                messages[at++] = gap == 0 || gap > message.Sequence
                    ? _sources[index]
                    : _sources[index] with { Bytes = (message with { Sequence = message.Sequence - gap }).Encode() };
            }

            // A duplicate, or one with a gap before it, does not advance the nonce.
            bool advances = !_sources[index].Implicit && (!next.TryGetValue(message.From, out ulong expected) || expected == message.Sequence);
            if (advances)
            {
                next[message.From] = message.Sequence + 1;
                removed[message.From] = gap + (keeps ? 0UL : 1UL);
            }
        }

        return messages;
    }
}
