using System.Runtime.InteropServices;
using System.Text;

namespace Fvm.Native;

/// <summary>
/// The memory of responses. All of it comes from malloc, a response and each slice that is not empty by itself, so that a library
/// which has the same layouts and the same allocator may free them: Go frees a flush's response by a function of the proofs library.
/// </summary>
internal static unsafe class Responses
{
    private const int Failed = 1;

    /// <summary>A response of no error whose value is all zero, for the caller to fill in.</summary>
    public static T* Allocate<T>()
        where T : unmanaged, IResult
    {
        T* response = (T*)NativeMemory.AllocZeroed((nuint)sizeof(T));

        // An empty text is not NULL.
        ((ResultHead*)response)->ErrorMessage = Empty(response);
        return response;
    }

    /// <summary>A response that says why a call failed.</summary>
    public static T* Fail<T>(Exception problem)
        where T : unmanaged, IResult
    {
        T* response = Allocate<T>();
        ResultHead* head = (ResultHead*)response;
        head->StatusCode = Failed;
        head->ErrorMessage = Copy(Encoding.UTF8.GetBytes(ErrorText.Of(problem)), response);
        return response;
    }

    /// <summary>Frees a response and the slices in it; NULL is left alone.</summary>
    public static void Destroy<T>(T* response)
        where T : unmanaged, IResult
    {
        if (response == null)
        {
            return;
        }

        Free(((ResultHead*)response)->ErrorMessage);
        response->FreeValue();
        NativeMemory.Free(response);
    }

    /// <summary>Bytes as a slice that hangs on a response.</summary>
    /// <param name="bytes">What to copy.</param>
    /// <param name="owner">The response.</param>
    public static SliceBoxed Copy(ReadOnlySpan<byte> bytes, void* owner)
    {
        if (bytes.IsEmpty)
        {
            return Empty(owner);
        }

        byte* copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return new SliceBoxed { Pointer = copy, Length = (nuint)bytes.Length };
    }

    /// <summary>Frees a slice's memory. An empty one has none: its pointer, if any, points at the response.</summary>
    public static void Free(in SliceBoxed slice)
    {
        if (slice.Length != 0)
        {
            NativeMemory.Free(slice.Pointer);
        }
    }

    private static SliceBoxed Empty(void* owner) => new() { Pointer = (byte*)owner, Length = 0 };
}
