using System.Globalization;
using System.Text;
using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>Human-readable blocks: DAG-CBOR in diagnostic notation on one line, other codecs in hexadecimal.</summary>
public static class CborText
{
    private const int MaxLength = 2000;
    private const int MaxBytesShown = 64;

    /// <summary>Formats a block by its codec.</summary>
    public static string Of(ulong codec, ReadOnlySpan<byte> block) =>
        codec is Multicodec.DagCbor or Multicodec.Cbor ? Of(block) : Hexadecimal(block);

    /// <summary>Formats a DAG-CBOR block; a malformed one in hexadecimal.</summary>
    public static string Of(ReadOnlySpan<byte> block)
    {
        try
        {
            StringBuilder text = new();
            CborReader reader = new(block);
            Write(ref reader, text);
            return reader.Remaining == 0 ? text.ToString() : Hexadecimal(block);
        }
        catch (CborException)
        {
            return Hexadecimal(block);
        }
    }

    /// <summary>Bytes in hexadecimal, truncated beyond a limit.</summary>
    public static string Hexadecimal(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= MaxBytesShown
            ? $"0x{Convert.ToHexStringLower(bytes)}"
            : $"0x{Convert.ToHexStringLower(bytes[..MaxBytesShown])}… ({bytes.Length} bytes)";

    // An explicit stack: the nesting depth is chosen by the block's author.
    private static void Write(ref CborReader reader, StringBuilder text)
    {
        Stack<Container> open = new();
        do
        {
            if (text.Length > MaxLength)
            {
                // The output is truncated for readability; the rest is still checked for well-formedness.
                text.Append('…');
                SkipRest(ref reader, open);
                return;
            }

            if (!WriteItem(ref reader, text, open))
            {
                AfterItem(text, open);
            }
        }
        while (open.Count > 0);
    }

    // Closes every container whose last item this was, or writes the separator before the next item.
    private static void AfterItem(StringBuilder text, Stack<Container> open)
    {
        while (open.TryPop(out Container container))
        {
            container = container with { Left = container.Left - 1 };
            if (container.Left > 0)
            {
                text.Append(container.IsMap && container.Left % 2 == 1 ? ": " : ", ");
                open.Push(container);
                return;
            }

            text.Append(container.IsMap ? '}' : ']');
        }
    }

    // Returns whether the item opened a container, whose items follow.
    private static bool WriteItem(ref CborReader reader, StringBuilder text, Stack<Container> open)
    {
        switch (reader.PeekType())
        {
            case CborType.UnsignedInteger:
                text.Append(CultureInfo.InvariantCulture, $"{reader.ReadUInt()}");
                break;
            case CborType.NegativeInteger:
                text.Append(CultureInfo.InvariantCulture, $"{reader.ReadInt()}");
                break;
            case CborType.Bytes:
                text.Append(Hexadecimal(reader.ReadBytes()));
                break;
            case CborType.Text:
                text.Append('"').Append(PrintableText.Of(reader.ReadText())).Append('"');
                break;
            case CborType.Array:
                return Open(text, open, new Container(reader.ReadArrayHeader(), IsMap: false));
            case CborType.Map:
                return Open(text, open, new Container(reader.ReadMapHeader() * 2L, IsMap: true));
            case CborType.Tag:
                text.Append(reader.ReadCid());
                break;
            case CborType.Boolean:
                text.Append(reader.ReadBool() ? "true" : "false");
                break;
            case CborType.Null:
                reader.ReadNull();
                text.Append("null");
                break;
            case CborType.Float:
                text.Append(CultureInfo.InvariantCulture, $"{reader.ReadDouble()}");
                break;
            default:
                throw new CborException(reader.Offset, "not DAG-CBOR");
        }

        return false;
    }

    private static bool Open(StringBuilder text, Stack<Container> open, Container container)
    {
        if (container.Left == 0)
        {
            text.Append(container.IsMap ? "{}" : "[]");
            return false;
        }

        text.Append(container.IsMap ? '{' : '[');
        open.Push(container);
        return true;
    }

    private static void SkipRest(ref CborReader reader, Stack<Container> open)
    {
        foreach (Container container in open)
        {
            for (long item = 0; item < container.Left; item++)
            {
                reader.Skip();
            }
        }
    }

    // Left: remaining items, including the current one.
    private readonly record struct Container(long Left, bool IsMap);
}
