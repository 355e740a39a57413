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

    private static ReadOnlySpan<byte> OutOfMemory => "out of memory: there is not even room for the reason"u8;

    /// <summary>A response of no error whose value is all zero, for the caller to fill in.</summary>
    public static T* Allocate<T>()
        where T : unmanaged, IResult
    {
        T* response = (T*)NativeMemory.AllocZeroed((nuint)sizeof(T));

        // An empty text is not NULL.
        ((ResultHead*)response)->ErrorMessage = Empty(response);
        return response;
    }

    /// <summary>A response that says why a call failed. Throws nothing, whatever the process has run out of.</summary>
    public static T* Fail<T>(Exception problem)
        where T : unmanaged, IResult
    {
        T* response = null;
        try
        {
            response = Allocate<T>();
            SetFailure(response, Encoding.UTF8.GetBytes(ErrorText.Of(problem)));
            return response;
        }
        catch (Exception)
        {
            return FailWithoutMemory(response);
        }
    }

    // Without a text of its own; without any memory at all, a response that is never freed.
    private static T* FailWithoutMemory<T>(T* response)
        where T : unmanaged, IResult
    {
        try
        {
            response = response == null ? Allocate<T>() : response;
            SetFailure(response, OutOfMemory);
            return response;
        }
        catch (Exception)
        {
            NativeMemory.Free(response);
            return (T*)fvm_shim_spare();
        }
    }

    private static void SetFailure(void* response, ReadOnlySpan<byte> text)
    {
        ResultHead* head = (ResultHead*)response;
        head->ErrorMessage = Copy(text, response);
        head->StatusCode = Failed;
    }

    /// <summary>Frees a response and the slices in it; NULL is left alone.</summary>
    public static void Destroy<T>(T* response)
        where T : unmanaged, IResult
    {
        if (response == null || ((ResultHead*)response)->IsSpare != 0)
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

    /// <summary>The response of a process without memory (<c>native/src/memory.c</c>).</summary>
    [DllImport("fvmshim")]
    private static extern void* fvm_shim_spare();
}
