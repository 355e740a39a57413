using Microsoft.Win32.SafeHandles;

namespace Fvm.Wasm;

/// <summary>
/// Finds the pages of this process's private memory that were touched, by Linux's <c>/proc/self/pagemap</c>: an absent page was never written,
/// so it is still zero, and a page of a file has the file's content. Swapped-out pages count as present.
/// </summary>
internal sealed class PageMap : IDisposable
{
    public const int PageSize = 4096;

    private const ulong PresentOrSwapped = 3ul << 62;
    private const ulong OfFile = 1ul << 61;
    private readonly SafeFileHandle _file;

    private PageMap(SafeFileHandle file) => _file = file;

    /// <summary>Whether an unchanged <see cref="ThreadFaults.Count"/> implies that no page was added, so the map need not be read again.</summary>
    public bool CountsFaults { get; private init; }

    /// <summary>Opens the page map; null where the system has none.</summary>
    public static PageMap? Open()
    {
        if (!OperatingSystem.IsLinux() || Environment.SystemPageSize != PageSize)
        {
            return null;
        }

        try
        {
            return new PageMap(File.OpenHandle("/proc/self/pagemap")) { CountsFaults = ThreadFaults.AreCounted(PageMemory.Create()) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the entries of a range of pages.</summary>
    /// <param name="start">Address of the first page.</param>
    /// <param name="entries">Receives one entry per page, for <see cref="IsTouched"/>.</param>
    /// <returns>False if the map could not be read.</returns>
    // Sound: the address is only a number here, never dereferenced; AsBytes covers the same memory as the span.
    public unsafe bool TryRead(byte* start, Span<ulong> entries)
    {
        Span<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(entries);
        long offset = (long)((nuint)start / PageSize * sizeof(ulong));
        try
        {
            while (!bytes.IsEmpty)
            {
                int read = RandomAccess.Read(_file, bytes, offset);
                if (read <= 0)
                {
                    return false;
                }

                bytes = bytes[read..];
                offset += read;
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static bool IsTouched(ulong entry) => (entry & PresentOrSwapped) != 0 && (entry & OfFile) == 0;

    public void Dispose() => _file.Dispose();
}
