namespace Fvm.Diff;

/// <summary>The order of a trace's lines.</summary>
public enum TraceOrder
{
    /// <summary>As the events happened.</summary>
    Events,

    /// <summary>
    /// As the C interface hands traces over: per call its charges, then its calls, its logs and its blocks, with gas rounded up to whole units.
    /// </summary>
    Tree,
}
