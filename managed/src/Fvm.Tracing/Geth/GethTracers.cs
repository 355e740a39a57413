namespace Fvm.Tracing;

/// <summary>The names of Geth's tracers.</summary>
public static class GethTracers
{
    /// <summary>All names, in the order of the values.</summary>
    public static IReadOnlyList<string> Names { get; } = ["callTracer", "flatCallTracer", "4byteTracer", "prestateTracer", "noopTracer"];

    /// <summary>The tracer of a name.</summary>
    public static bool TryParse(string name, out GethTracer tracer)
    {
        for (int index = 0; index < Names.Count; index++)
        {
            if (Names[index] == name)
            {
                tracer = (GethTracer)index;
                return true;
            }
        }

        tracer = default;
        return false;
    }
}
