using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fvm.Sidecar.Bench;

/// <summary>Runs vectors by the C library, whose callbacks find the node by a handle.</summary>
internal sealed class AbiSession : ISession
{
    private readonly AbiLibrary _library;
    private readonly GCHandle _handle;

    public AbiSession(AbiLibrary library, Node node)
    {
        Node = node;
        _library = library;
        _handle = GCHandle.Alloc(node);
    }

    public Node Node { get; }

    public bool Run(BenchVector vector, List<long> times)
    {
        Node.Externs = vector.Externs;
        nint machine = _library.Create(vector, (ulong)GCHandle.ToIntPtr(_handle));
        if (machine == 0)
        {
            return false;
        }

        bool good = true;
        foreach (BenchMessage message in vector.Messages)
        {
            long begun = Stopwatch.GetTimestamp();
            good &= _library.Execute(machine, message);
            times.Add(Stopwatch.GetTimestamp() - begun);
        }

        good &= _library.Flush(machine, vector.PostRoot);
        _library.Drop(machine);
        return good;
    }

    public void Dispose() => _handle.Free();
}
