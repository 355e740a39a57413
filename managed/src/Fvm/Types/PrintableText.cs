using System.Globalization;
using System.Text;

namespace Fvm;

/// <summary>
/// Makes text from actors, files and users safe for terminals and logs: characters that could move the cursor, reorder or hide neighbouring
/// text, or begin a new line are escaped as <c>\n</c>, <c>\r</c>, <c>\t</c> or <c>\uXXXX</c> (UTF-16, the same as in JSON strings).
/// </summary>
/// <remarks>
/// Escaped are control characters (C0, DEL, C1), format characters (bidirectional overrides and isolates, invisible ones), line and
/// paragraph separators, fillers and variation selectors, lone surrogates, and private or unassigned code points. Backslashes are kept, so
/// escaping is idempotent.
/// </remarks>
public static class PrintableText
{
    // Letters and marks by category, but invisible: Hangul fillers, inherent vowels, variation selectors.
    private const string Invisible = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0";
    private const char FirstVariationSelector = '\ufe00';
    private const char LastVariationSelector = '\ufe0f';
    private const int FirstVariationSelectorSupplement = 0xe0100;
    private const int LastVariationSelectorSupplement = 0xe01ef;

    private const char FirstPlainAscii = ' ';
    private const char LastPlainAscii = '~';

    /// <summary>The text on one line.</summary>
    public static string Of(string text)
    {
        if (PlainLength(text) == text.Length)
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 16);
        Escape(text, escaped, keepLines: false);
        return escaped.ToString();
    }

    /// <summary>UTF-8 on one line; malformed sequences become the replacement character.</summary>
    public static string Of(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8));

    /// <summary>The length of the prefix that needs no escaping.</summary>
    public static int PlainLength(ReadOnlySpan<char> text)
    {
        // Nearly all text is ASCII. A set of all suspicious characters would take a millisecond to make, in every process that prints a line.
        int at = text.IndexOfAnyExceptInRange(FirstPlainAscii, LastPlainAscii);
        if (at < 0)
        {
            return text.Length;
        }

        while (at < text.Length && !IsSuspicious(text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>Appends text with non-printable characters escaped.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="escaped">Receives the text.</param>
    /// <param name="keepLines">Whether to keep line feeds.</param>
    public static void Escape(ReadOnlySpan<char> text, StringBuilder escaped, bool keepLines)
    {
        while (!text.IsEmpty)
        {
            int plain = PlainLength(text);
            escaped.Append(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty)
            {
                return;
            }

            int length = 1;
            if (char.IsHighSurrogate(text[0]) && text.Length > 1 && char.IsLowSurrogate(text[1]))
            {
                length = 2;
            }

            if ((length == 2 && IsPlain(text[0], text[1])) || (keepLines && text[0] == '\n'))
            {
                escaped.Append(text[..length]);
            }
            else
            {
                foreach (char c in text[..length])
                {
                    Append(c, escaped);
                }
            }

            text = text[length..];
        }
    }

    private static void Append(char c, StringBuilder escaped)
    {
        _ = c switch
        {
            '\n' => escaped.Append("\\n"),
            '\r' => escaped.Append("\\r"),
            '\t' => escaped.Append("\\t"),
            _ => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
    }

    private static bool IsPlain(char high, char low)
    {
        int code = char.ConvertToUtf32(high, low);
        return !IsHidden(CharUnicodeInfo.GetUnicodeCategory(code)) &&
            code is < FirstVariationSelectorSupplement or > LastVariationSelectorSupplement;
    }

    private static bool IsHidden(UnicodeCategory category) => category is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    // Includes surrogates: most pairs pass a second check.
    private static bool IsSuspicious(char c) =>
        c is not (>= FirstPlainAscii and <= LastPlainAscii)
        && (IsHidden(CharUnicodeInfo.GetUnicodeCategory(c)) || c is >= FirstVariationSelector and <= LastVariationSelector || Invisible.Contains(c));
}
