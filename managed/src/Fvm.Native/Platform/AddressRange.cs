namespace Fvm.Native;

/// <summary>Addresses that belong to this library alone and hold nothing: reserved, and neither readable nor writable.</summary>
internal sealed class AddressRange
{
    private const int DefaultCount = 1 << 24;
    private const int Step = 16;

    private readonly nint _start;

    /// <param name="count">How many addresses.</param>
    /// <exception cref="OutOfMemoryException">They cannot be had.</exception>
    // Sound: asks for new addresses and reads none of them.
    public unsafe AddressRange(int count = DefaultCount)
    {
        Count = count;
        void* start = Libc.mmap(null, (nuint)count * Step, Libc.ProtNone, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
        if ((nint)start == -1)
        {
            throw new OutOfMemoryException("no addresses for handles");
        }

        _start = (nint)start;
    }

    /// <summary>How many addresses there are.</summary>
    public int Count { get; }

    /// <summary>The address of an index; indices wrap around.</summary>
    public nint this[long index] => _start + ((nint)(index % Count) * Step);
}
