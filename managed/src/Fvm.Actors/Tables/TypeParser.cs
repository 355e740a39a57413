using System.Globalization;

namespace Fvm.Actors;

/// <summary>Parses types of a schema, such as <c>hamt&lt;address, [Claim?], 6&gt;</c>.</summary>
/// <param name="text">The text; what follows the type stays.</param>
/// <param name="named">Finds or declares a named type.</param>
internal ref struct TypeParser(ReadOnlySpan<char> text, Func<string, Shape> named)
{
    private const int MaxDepth = 16;
    private const int DefaultBitWidth = 5;

    private ReadOnlySpan<char> _left = text;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<char> Left => _left.TrimStart();

    /// <summary>Reads one type.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public Shape Read() => Read(0);

    private Shape Read(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"types nest deeper than {MaxDepth}");
        }

        Shape shape;
        if (TryRead('&'))
        {
            shape = new LinkShape(Read(depth + 1));
        }
        else if (TryRead('['))
        {
            shape = new ListShape(Read(depth + 1));
            Expect(']');
        }
        else
        {
            shape = ReadNamed(ReadWord(), depth);
        }

        return TryRead('?') ? new OptionalShape(shape) : shape;
    }

    private Shape ReadNamed(string word, int depth)
    {
        if (word is "hamt" or "amt" or "kamt")
        {
            Expect('<');
            Primitive key = Primitive.Uint;
            if (word != "amt")
            {
                key = Enum.TryParse(ReadWord(), ignoreCase: true, out Primitive given)
                    ? given
                    : throw new FormatException("an unknown type of keys");
                Expect(',');
            }

            Shape value = Read(depth + 1);
            int width = TryRead(',') ? int.Parse(ReadWord(), NumberStyles.None, CultureInfo.InvariantCulture) : DefaultBitWidth;
            Expect('>');
            TrieKind kind = word switch { "hamt" => TrieKind.Hamt, "amt" => TrieKind.Amt, _ => TrieKind.Kamt };
            return new TrieShape(kind, key, value, width);
        }

        if (!char.IsAsciiLetterLower(word[0]))
        {
            return named(word);
        }

        return Enum.TryParse(word, ignoreCase: true, out Primitive primitive)
            ? new PrimitiveShape(primitive)
            : throw new FormatException($"an unknown type {word}");
    }

    private string ReadWord()
    {
        _left = _left.TrimStart();
        int length = 0;
        while (length < _left.Length && char.IsAsciiLetterOrDigit(_left[length]))
        {
            length++;
        }

        if (length == 0)
        {
            throw new FormatException($"expected a type, found \"{_left}\"");
        }

        string word = _left[..length].ToString();
        _left = _left[length..];
        return word;
    }

    private bool TryRead(char mark)
    {
        ReadOnlySpan<char> trimmed = _left.TrimStart();
        bool found = !trimmed.IsEmpty && trimmed[0] == mark;
        _left = found ? trimmed[1..] : _left;
        return found;
    }

    private void Expect(char mark)
    {
        if (!TryRead(mark))
        {
            throw new FormatException($"expected {mark}, found \"{_left}\"");
        }
    }
}
