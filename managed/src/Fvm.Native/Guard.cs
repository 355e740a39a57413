using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>The exception barrier between C and C#: exceptions become error responses.</summary>
internal static class Guard
{
    // Sound: the response has just been allocated and is nobody else's yet.
    public static unsafe MachineResult* Create(string name, in CreateCall call)
    {
        fvm_shim_entered();
        try
        {
            Library library = Library.Instance;
            library.Begin(name);
            MachineResult* result = Responses.Allocate<MachineResult>();
            try
            {
                result->Value = library.Create(in call);
            }
            catch
            {
                Responses.Destroy(result);
                throw;
            }

            library.End(name);
            return result;
        }
        catch (Exception e)
        {
            return Responses.Fail<MachineResult>(e);
        }
    }

    // Sound: the message is lent until this returns; the response is only passed on.
    public static unsafe ExecuteResult* Execute(string name, nint machine, in SliceRef message, ulong chainLength, ulong applyKind)
    {
        fvm_shim_entered();
        try
        {
            Library library = Library.Instance;
            library.Begin(name);
            ExecuteResult* result = library.Execute(machine, message.Span, chainLength, applyKind);
            library.End(name);
            return result;
        }
        catch (Exception e)
        {
            return Responses.Fail<ExecuteResult>(e);
        }
    }

    // Sound: only passes the response on.
    public static unsafe BytesResult* Flush(string name, nint machine)
    {
        fvm_shim_entered();
        try
        {
            Library library = Library.Instance;
            library.Begin(name);
            BytesResult* result = library.Flush(machine);
            library.End(name);
            return result;
        }
        catch (Exception e)
        {
            return Responses.Fail<BytesResult>(e);
        }
    }

    public static void Drop(nint machine)
    {
        fvm_shim_entered();
        try
        {
            Library.Instance.Drop(machine);
        }
        catch (Exception)
        {
            // There is no response to report it in.
        }
    }

    // Sound: the response has just been allocated and is nobody else's yet.
    public static unsafe BytesResult* Capabilities()
    {
        fvm_shim_entered();
        try
        {
            BytesResult* result = Responses.Allocate<BytesResult>();
            result->Value = Responses.Copy(Library.Instance.Capabilities.ToJson(), result);
            return result;
        }
        catch (Exception e)
        {
            return Responses.Fail<BytesResult>(e);
        }
    }

    /// <summary>Reports entry into managed code: the runtime has set up all it needs of the thread (<c>native/src/start.c</c>).</summary>
    [DllImport("fvmshim")]
    [SuppressGCTransition]
    private static extern void fvm_shim_entered();
}
