using System.Text;

namespace Fvm.Cli;

/// <summary>
/// Escapes every non-printable character except line feeds. Commands escape text from actors and files, line feeds included, where they
/// print it; this writer is the safety net for omissions and for texts of libraries.
/// </summary>
/// <param name="inner">Receives the text.</param>
/// <param name="isTerminal">Whether it is a terminal of this process.</param>
/// <param name="ignoreFailures">Whether write failures are ignored: for the stream that would report them.</param>
internal sealed class PrintableWriter(TextWriter inner, bool isTerminal = false, bool ignoreFailures = false) : TextWriter
{
    private readonly StringBuilder _escaped = new();

    // A high surrogate whose low surrogate comes with the next call.
    private char? _pending;

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Whether the text goes to a terminal of this process.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>Wraps a writer, unless it already escapes.</summary>
    public static PrintableWriter Of(TextWriter writer, bool ignoreFailures = false) =>
        writer as PrintableWriter ?? new PrintableWriter(writer, isTerminal: false, ignoreFailures);

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void WriteLine(string? value)
    {
        Write(value.AsSpan());
        Write(Environment.NewLine.AsSpan());
    }

    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        Write(buffer);
        Write(Environment.NewLine.AsSpan());
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        if (_pending is char high)
        {
            _pending = null;
            Write($"{high}{buffer}");
            return;
        }

        if (char.IsHighSurrogate(buffer[^1]))
        {
            _pending = buffer[^1];
            buffer = buffer[..^1];
        }

        if (PrintableText.PlainLength(buffer) == buffer.Length)
        {
            Pass(buffer);
            return;
        }

        _escaped.Clear();
        PrintableText.Escape(buffer, _escaped, keepLines: true);
        foreach (ReadOnlyMemory<char> chunk in _escaped.GetChunks())
        {
            Pass(chunk.Span);
        }
    }

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (Exception e) when (ignoreFailures && Fvm.Files.FileException.IsAboutFiles(e))
        {
        }
    }

    private void Pass(ReadOnlySpan<char> text)
    {
        try
        {
            inner.Write(text);
        }
        catch (Exception e) when (ignoreFailures && Fvm.Files.FileException.IsAboutFiles(e))
        {
        }
    }
}
