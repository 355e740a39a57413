using System.Runtime.InteropServices;
using System.Text;

namespace Fvm.Native;

/// <summary>
/// Memory management of responses. A response and each of its non-empty slices is a malloc block of its own, so that any library with the
/// same layouts and allocator can free them: Go frees a flush's response with a function of the proofs library.
/// </summary>
internal static class Responses
{
    private const int Failed = 1;

    private static ReadOnlySpan<byte> OutOfMemory => "out of memory, without room for details"u8;

    /// <summary>A response without error and with an all-zero value, for the caller to fill in.</summary>
    // Sound: the block has the size of T, whose first field is a ResultHead.
    public static unsafe T* Allocate<T>()
        where T : unmanaged, IResult
    {
        T* response = (T*)NativeMemory.AllocZeroed((nuint)sizeof(T));

        // An empty text is not NULL.
        ((ResultHead*)response)->ErrorMessage = Empty(response);
        return response;
    }

    /// <summary>An error response. Throws nothing, whatever resource the process has exhausted.</summary>
    // Sound: the response is our own, or null.
    public static unsafe T* Fail<T>(Exception problem)
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

    // Without an error text; without any memory, a preallocated response that is never freed.
    // Sound: the response is our own or null; the spare one has the size of the largest and is never freed.
    private static unsafe T* FailWithoutMemory<T>(T* response)
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

    // Sound: every response begins with a ResultHead.
    private static unsafe void SetFailure(void* response, ReadOnlySpan<byte> text)
    {
        ResultHead* head = (ResultHead*)response;
        head->ErrorMessage = Copy(text, response);
        head->StatusCode = Failed;
    }

    /// <summary>Frees a response and its slices; NULL is ignored.</summary>
    // Sound: every response begins with a ResultHead; it and what hangs on it came from Allocate and Copy, and the caller gives it up.
    public static unsafe void Destroy<T>(T* response)
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

    /// <summary>Copies bytes into a slice owned by a response.</summary>
    /// <param name="bytes">The bytes to copy.</param>
    /// <param name="owner">The response.</param>
    // Sound: the copy has as many bytes as the span.
    public static unsafe SliceBoxed Copy(ReadOnlySpan<byte> bytes, void* owner)
    {
        if (bytes.IsEmpty)
        {
            return Empty(owner);
        }

        byte* copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return new SliceBoxed { Pointer = copy, Length = (nuint)bytes.Length };
    }

    /// <summary>Frees a slice's memory. An empty slice has none: its pointer, if any, is the response's.</summary>
    // Sound: a slice that is not empty came from Copy, and is freed with its response.
    public static unsafe void Free(in SliceBoxed slice)
    {
        if (slice.Length != 0)
        {
            NativeMemory.Free(slice.Pointer);
        }
    }

    // Sound: the pointer is never read, for the length is 0.
    private static unsafe SliceBoxed Empty(void* owner) => new() { Pointer = (byte*)owner, Length = 0 };

    /// <summary>The preallocated response for a process out of memory (<c>native/src/memory.c</c>).</summary>
    [DllImport("fvmshim")]
    // Sound: declares only; the signature is that of native/src/memory.c.
    private static unsafe extern void* fvm_shim_spare();
}
