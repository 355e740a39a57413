namespace Fvm.Vectors;

/// <summary>
/// Splits a stream into lines and skips blank ones, holding one line at a time. Rejects lines over the limit and endless blank lines, so
/// that a hostile file costs bounded memory and time.
/// </summary>
public sealed class BoundedLineReader(Stream stream, int maxLength)
{
    private const byte NewLine = (byte)'\n';

    // Consecutive blank lines, in bytes.
    private const int MaxBlank = 64 << 20;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>The number of the last line read, from 1; blank lines count.</summary>
    public int Number { get; private set; }

    private static ReadOnlySpan<byte> Blanks => "\n\r"u8;

    /// <summary>The next line without its line break; false at the end. The bytes are valid until the next call.</summary>
    /// <exception cref="InputException">The line is longer than the limit, or too many are blank.</exception>
    /// <exception cref="Fvm.Ipld.PackingException">The stream's compression is corrupt.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        Number++;
        SkipBlank();
        int searched = _start;
        while (true)
        {
            int at = _buffer.AsSpan(searched, _end - searched).IndexOf(NewLine);
            if (at >= 0)
            {
                line = _buffer.AsMemory(_start, searched + at - _start);
                _start = searched + at + 1;
                return true;
            }

            if (_finished)
            {
                line = _buffer.AsMemory(_start, _end - _start);
                _start = _end;
                return line.Length > 0;
            }

            searched = _end - _start;
            Fill();
        }
    }

    private void SkipBlank()
    {
        long skipped = 0;
        while (true)
        {
            ReadOnlySpan<byte> held = _buffer.AsSpan(_start, _end - _start);
            int at = held.IndexOfAnyExcept(Blanks);
            int blank = at < 0 ? held.Length : at;
            Number += held[..blank].Count(NewLine);
            _start += blank;
            skipped += blank;
            if (skipped > MaxBlank)
            {
                throw new InputException($"more than {MaxBlank} bytes of blank lines in a row");
            }

            if (at >= 0 || _finished)
            {
                return;
            }

            Fill();
        }
    }

    // Moves the line's start to the front of the buffer and reads more behind it.
    private void Fill()
    {
        int held = _end - _start;
        if (held > maxLength)
        {
            throw new InputException($"a line has more than {maxLength} bytes");
        }

        byte[] target = held < _buffer.Length / 2 ? _buffer : new byte[_buffer.Length * 2];
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        _buffer = target;
        _start = 0;
        int read = stream.Read(_buffer, held, _buffer.Length - held);
        _end = held + read;
        _finished = read == 0;
    }
}
