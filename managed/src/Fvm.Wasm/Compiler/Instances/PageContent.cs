using System.Runtime.Intrinsics;

namespace Fvm.Wasm;

/// <summary>
/// Comparisons of whole pages of <see cref="PageMap.PageSize"/> bytes, four vectors at a time. Those of .NET branch per vector, to end at the
/// first difference; but most pages of an instance to be restored have none.
/// </summary>
internal static class PageContent
{
    private const int VectorSize = 32;
    private const int Step = 4 * VectorSize;

    /// <summary>Whether two pages are equal.</summary>
    // Sound: a page consists of whole steps.
    public static unsafe bool Equal(byte* page, byte* other)
    {
        for (byte* end = page + PageMap.PageSize; page < end; page += Step, other += Step)
        {
            Vector256<byte> difference = (Vector256.Load(page) ^ Vector256.Load(other))
                | (Vector256.Load(page + VectorSize) ^ Vector256.Load(other + VectorSize))
                | (Vector256.Load(page + (2 * VectorSize)) ^ Vector256.Load(other + (2 * VectorSize)))
                | (Vector256.Load(page + (3 * VectorSize)) ^ Vector256.Load(other + (3 * VectorSize)));
            if (difference != Vector256<byte>.Zero) return false;
        }

        return true;
    }

    /// <summary>Whether a page has only zeros.</summary>
    // Sound: as for Equal.
    public static unsafe bool IsZero(byte* page)
    {
        for (byte* end = page + PageMap.PageSize; page < end; page += Step)
        {
            Vector256<byte> any = Vector256.Load(page) | Vector256.Load(page + VectorSize)
                | Vector256.Load(page + (2 * VectorSize)) | Vector256.Load(page + (3 * VectorSize));
            if (any != Vector256<byte>.Zero) return false;
        }

        return true;
    }
}
