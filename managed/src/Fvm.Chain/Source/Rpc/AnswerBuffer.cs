namespace Fvm.Chain;

/// <summary>The bytes of an answer as they arrive. Memory grows with them, never by a length that the node declares.</summary>
/// <param name="maxBytes">The most bytes of an answer.</param>
internal sealed class AnswerBuffer(int maxBytes)
{
    private const int FirstSize = 64 << 10;

    private byte[] _bytes = new byte[FirstSize];
    private int _count;

    /// <summary>The room for the next bytes; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_count == _bytes.Length)
            {
                Array.Resize(ref _bytes, (int)Math.Min(2L * _bytes.Length, (long)maxBytes + 1));
            }

            return _bytes.AsMemory(_count);
        }
    }

    /// <summary>What has arrived.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    /// <summary>Takes bytes that were written to <see cref="Free"/>.</summary>
    /// <exception cref="RpcException">The answer is too long.</exception>
    public void Advance(int count)
    {
        _count += count;
        if (_count > maxBytes)
        {
            throw new RpcException($"the answer is longer than {maxBytes} bytes", isTransient: false);
        }
    }
}
