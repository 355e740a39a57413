using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class PrintableTextTests
{
    [TestCase("", "")]
    [TestCase("plain, ünïcödé, 日本語 – and a \\", "plain, ünïcödé, 日本語 – and a \\")]
    [TestCase("emoji \ud83d\ude00", "emoji \ud83d\ude00")]
    [TestCase("a\nb\r\tc", "a\\nb\\r\\tc")]
    [TestCase("\u001b[2J\u0007", "\\u001b[2J\\u0007")]
    [TestCase("\0\u007f\u0080\u009b31m", "\\u0000\\u007f\\u0080\\u009b31m")]
    [TestCase("\u202eabc\u202c\u2066\u2069\u061c\u200f", "\\u202eabc\\u202c\\u2066\\u2069\\u061c\\u200f")]
    [TestCase("\u200b\u200d\ufeff\u00ad\u2060\u3164\ufe0f\u034f", "\\u200b\\u200d\\ufeff\\u00ad\\u2060\\u3164\\ufe0f\\u034f")]
    [TestCase("\u2028\u2029\u0085", "\\u2028\\u2029\\u0085")]
    [TestCase("\udb40\udc41\udb40\udd00", "\\udb40\\udc41\\udb40\\udd00")]
    [TestCase("\ue000\uffff", "\\ue000\\uffff")]
    public void What_is_not_printable_is_escaped(string text, string escaped) => Assert.That(PrintableText.Of(text), Is.EqualTo(escaped));

    [Test]
    public void Halves_of_pairs_are_escaped()
    {
        // Not in an attribute: attribute strings are stored as UTF-8.
        Assert.That(PrintableText.Of("\ud800x\udc00"), Is.EqualTo("\\ud800x\\udc00"));
        Assert.That(PrintableText.Of("\ud800"), Is.EqualTo("\\ud800"));
    }

    [Test]
    public void Line_feeds_stay_where_asked_for()
    {
        StringBuilder escaped = new();

        PrintableText.Escape("a\r\nb\u001b", escaped, keepLines: true);

        Assert.That(escaped.ToString(), Is.EqualTo("a\\r\nb\\u001b"));
    }

    [Test]
    public void Malformed_UTF8_is_replaced() => Assert.That(PrintableText.Of([0x61, 0xff, 0x1b]), Is.EqualTo("a\ufffd\\u001b"));

    [Test]
    public void Nothing_of_any_text_is_hidden_and_escaping_twice_changes_nothing() => Prop.ForAll<string>(text =>
    {
        string escaped = PrintableText.Of(text ?? string.Empty);
        Assert.That(PrintableText.Of(escaped), Is.EqualTo(escaped));
        foreach (Rune rune in escaped.EnumerateRunes())
        {
            Assert.That(
                Rune.GetUnicodeCategory(rune),
                Is.Not.AnyOf(UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator));
        }
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Every_character_of_two_bytes_is_shown_or_escaped()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            string text = PrintableText.Of(((char)code).ToString());
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory((char)code);
            bool hidden = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
                UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            Assert.That(text.Length > 1 || !hidden, $"U+{code:X4}");
        }
    }
}
