namespace Fvm.Tracing;

/// <summary>Geth's tracers.</summary>
public enum GethTracer
{
    /// <summary>The calls, nested.</summary>
    CallTracer,

    /// <summary>The calls in Parity's form.</summary>
    FlatCallTracer,

    /// <summary>How often each function was called.</summary>
    FourByteTracer,

    /// <summary>The touched accounts before the transaction, or what changed.</summary>
    PrestateTracer,

    /// <summary>Nothing.</summary>
    NoopTracer,
}
