using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class PrintableWriterTests
{
    [Test]
    public void Every_way_of_writing_escapes_and_keeps_lines()
    {
        using StringWriter inner = new();
        using PrintableWriter writer = new(inner);

        writer.Write('\u001b');
        writer.Write("a\u202e\n");
        writer.Write("\u0007b".ToCharArray());
        writer.Write("\u0007c".ToCharArray(), 0, 2);
        writer.Write("\u0007d".AsSpan());
        writer.WriteLine("e\u009b");
        writer.WriteLine($"f{'\u001b'}");
        writer.WriteLine("g\r".AsSpan());

        Assert.That(
            inner.ToString().ReplaceLineEndings("\n"),
            Is.EqualTo("\\u001ba\\u202e\n\\u0007b\\u0007c\\u0007de\\u009b\nf\\u001b\ng\\r\n"));
    }

    [Test]
    public void A_pair_of_surrogates_may_come_in_two_calls()
    {
        using StringWriter inner = new();
        using PrintableWriter writer = new(inner);

        writer.Write('\ud83d');
        writer.Write('\ude00');
        writer.Write('\ud83d');
        writer.Write('x');

        Assert.That(inner.ToString(), Is.EqualTo("\ud83d\ude00\\ud83dx"));
    }

    [Test]
    public void A_stream_that_is_full_fails_or_is_ignored_as_asked([Values] bool ignored)
    {
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using StreamWriter inner = new(full) { AutoFlush = true };
        PrintableWriter writer = new(inner, ignoreFailures: ignored);

        Assert.That(() => writer.WriteLine("lost"), ignored ? Throws.Nothing : Throws.InstanceOf<IOException>());
    }
}
