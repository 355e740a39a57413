namespace Fvm.Native;

/// <summary>A reserved, inaccessible range of addresses, private to this library.</summary>
internal sealed class AddressRange
{
    private const int DefaultCount = 1 << 24;
    private const int Step = 16;

    private readonly nint _start;

    /// <param name="count">The number of addresses.</param>
    /// <exception cref="OutOfMemoryException">The range cannot be reserved.</exception>
    // Sound: reserves new addresses and reads none of them.
    public unsafe AddressRange(int count = DefaultCount)
    {
        Count = count;
        void* start = Libc.mmap(null, (nuint)count * Step, Libc.ProtNone, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
        if ((nint)start == -1)
        {
            throw new OutOfMemoryException("no address range for handles");
        }

        _start = (nint)start;
    }

    /// <summary>The number of addresses.</summary>
    public int Count { get; }

    /// <summary>The address at an index, modulo the count.</summary>
    public nint this[long index] => _start + ((nint)(index % Count) * Step);
}
