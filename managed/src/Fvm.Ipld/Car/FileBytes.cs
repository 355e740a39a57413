using Microsoft.Win32.SafeHandles;

namespace Fvm.Ipld;

/// <summary>Reads of files at offsets, of which the system may give a part only.</summary>
internal static class FileBytes
{
    /// <summary>Reads bytes at an offset.</summary>
    /// <returns>How many; fewer than wanted only at the end of the file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int Read(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        int have = 0;
        while (have < bytes.Length && RandomAccess.Read(file, bytes[have..], offset + have) is > 0 and int read)
        {
            have += read;
        }

        return have;
    }
}
