using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Smaller messages to try in place of one: each has shorter parameters, less value or premium, or a lower gas limit.</summary>
internal static class MessageShrinker
{
    // Parameters of more items are cut at these.
    private const int MostItems = 64;

    /// <summary>The candidates, the smallest first.</summary>
    public static IEnumerable<Message> Candidates(Message message)
    {
        foreach (byte[] parameters in Shorter(message.Params))
        {
            yield return message with { Params = parameters };
        }

        if (!message.Value.IsZero)
        {
            yield return message with { Value = default };
        }

        if (!message.GasPremium.IsZero)
        {
            yield return message with { GasPremium = default };
        }

        for (ulong part = message.GasLimit / 2; part > message.GasLimit / 64; part /= 2)
        {
            yield return message with { GasLimit = message.GasLimit - part };
        }
    }

    private static IEnumerable<byte[]> Shorter(ReadOnlyMemory<byte> parameters)
    {
        if (parameters.IsEmpty)
        {
            yield break;
        }

        yield return [];
        foreach ((int start, int end, byte[]? bytes) in ItemsOf(parameters.Span))
        {
            if (bytes is null)
            {
                yield return Replace(parameters.Span, start, end, static writer => writer.WriteUInt(0));
                continue;
            }

            foreach (int length in (int[])[0, bytes.Length / 2, bytes.Length - 1])
            {
                yield return Replace(parameters.Span, start, end, writer => writer.WriteBytes(bytes.AsSpan(0, length)));
            }
        }
    }

    // The byte strings that are not empty, and the numbers above zero (no bytes).
    private static List<(int Start, int End, byte[]? Bytes)> ItemsOf(ReadOnlySpan<byte> parameters)
    {
        List<(int Start, int End, byte[]? Bytes)> items = [];
        CborReader reader = new(parameters);
        try
        {
            while (reader.Remaining > 0 && items.Count < MostItems)
            {
                int start = reader.Offset;
                switch (reader.PeekType())
                {
                    case CborType.Bytes:
                        ReadOnlySpan<byte> bytes = reader.ReadBytes();
                        if (!bytes.IsEmpty)
                        {
                            items.Add((start, reader.Offset, bytes.ToArray()));
                        }

                        break;
                    case CborType.UnsignedInteger:
                        if (reader.ReadUInt() > 0)
                        {
                            items.Add((start, reader.Offset, null));
                        }

                        break;

                    // The items follow.
                    case CborType.Array:
                        reader.ReadArrayHeader();
                        break;
                    case CborType.Map:
                        reader.ReadMapHeader();
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }
        }
        catch (CborException)
        {
            // Not CBOR, or only at its beginning.
        }

        return items;
    }

    private static byte[] Replace(ReadOnlySpan<byte> parameters, int start, int end, Action<CborWriter> write)
    {
        CborWriter writer = new(parameters.Length);
        writer.WriteRaw(parameters[..start]);
        write(writer);
        writer.WriteRaw(parameters[end..]);
        return writer.ToArray();
    }
}
