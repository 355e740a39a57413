using System.Diagnostics;
using System.Runtime.InteropServices;
using Fvm.Hosting;

namespace Fvm.Native.Tests;

/// <summary>A stub of the proofs library that records its arguments (native/tests/proofs_record.c), compiled for the tests.</summary>
internal sealed unsafe class RecordingProofs : IDisposable
{
    private readonly nint _library;

    private RecordingProofs(nint library) => _library = library;

    public int Calls => ((delegate* unmanaged[Cdecl]<int>)Find("record_calls"))();

    public int MostAtOnce => ((delegate* unmanaged[Cdecl]<int>)Find("record_most_at_once"))();

    public int Leaks => ((delegate* unmanaged[Cdecl]<int>)Find("record_leaks"))();

    public string Last => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)Find("record_last"))())!;

    public ProofFunctions Functions => ProofFunctions.From(index => (nint)Find(ProofFunctions.Names[index]));

    public static RecordingProofs Load()
    {
        string library = Path.Combine(TestContext.CurrentContext.WorkDirectory, "libproofs_record.so");
        string native = Repository.PathOf("native");
        try
        {
            using Process compiler = Process.Start("cc", [
                "-O1", "-fPIC", "-shared", "-pthread", "-I", Path.Combine(native, "include"), "-o", library,
                Path.Combine(native, "tests", "proofs_record.c")]);
            compiler.WaitForExit();
            Assert.That(compiler.ExitCode, Is.Zero, "the stand-in does not compile");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("there is no C compiler to build the stand-in for the proofs library with");
        }

        return new RecordingProofs(NativeLibrary.Load(library));
    }

    public void Answer(int answer) => ((delegate* unmanaged[Cdecl]<int, void>)Find("record_answer"))(answer);

    public void Reset() => ((delegate* unmanaged[Cdecl]<void>)Find("record_reset"))();

    public void Dispose() => NativeLibrary.Free(_library);

    private void* Find(string name) => (void*)NativeLibrary.GetExport(_library, name);
}
