using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>Bytes borrowed from the caller for the duration of a call (C: <c>slice_ref_uint8_t</c>).</summary>
// Sound: holds what the caller lends; only Span reads it, and says why it may.
internal readonly unsafe struct SliceRef
{
    private readonly byte* _pointer;
    private readonly nuint _length;

    public SliceRef(byte* pointer, nuint length)
    {
        _pointer = pointer;
        _length = length;
    }

    /// <summary>The bytes; empty for NULL.</summary>
    /// <exception cref="CallerException">The slice is longer than 2 GiB.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            if (_pointer == null || _length == 0)
            {
                return default;
            }

            // Sound: the caller lends as many bytes until the call returns, and the span is a ref struct.
            return _length <= int.MaxValue
                ? new ReadOnlySpan<byte>(_pointer, (int)_length)
                : throw new CallerException($"a slice of {_length} bytes is too long");
        }
    }
}
