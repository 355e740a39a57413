// Lines of a stream as bytes, without ever holding more than one.
namespace Fvm.Vectors;

/// <summary>Splits a stream into lines. A line longer than the limit is refused, so that a hostile file costs bounded memory.</summary>
internal sealed class BoundedLineReader(Stream stream, int maxLength)
{
    private const byte NewLine = (byte)'\n';

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>The next line without its end; false after the last. The bytes are valid until the next call.</summary>
    /// <exception cref="InputException">The line is longer than the limit.</exception>
    /// <exception cref="InvalidDataException">The stream's compression is corrupt.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
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

    // Moves the line's beginning to the front and reads on behind it.
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
