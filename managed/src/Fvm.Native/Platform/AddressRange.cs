namespace Fvm.Native;

/// <summary>Addresses that belong to this library alone and hold nothing: reserved, and neither readable nor writable.</summary>
internal sealed class AddressRange
{
    private const nuint Bytes = 1U << 28;
    private const int Step = 16;

    private readonly nint _start;

    /// <exception cref="OutOfMemoryException">The addresses cannot be had.</exception>
    public unsafe AddressRange()
    {
        void* start = Libc.mmap(null, Bytes, Libc.ProtNone, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
        if ((nint)start == -1)
        {
            throw new OutOfMemoryException("no addresses for handles");
        }

        _start = (nint)start;
    }

    /// <summary>How many addresses there are.</summary>
    public static int Count => (int)(Bytes / Step);

    /// <summary>The address of an index; indices wrap around.</summary>
    public nint this[long index] => _start + ((nint)(index % Count) * Step);
}
