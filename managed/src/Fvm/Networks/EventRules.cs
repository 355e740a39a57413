namespace Fvm;

/// <summary>Limits of events. A limit is the largest allowed value.</summary>
public sealed record EventRules
{
    /// <summary>False if there is no syscall for events.</summary>
    public required bool Supported { get; init; }

    /// <summary>Entries per event.</summary>
    public required int MaxEntries { get; init; }

    /// <summary>Bytes per key.</summary>
    public required int MaxKeyLength { get; init; }

    /// <summary>Total bytes of the values per event.</summary>
    public required int MaxValuesLength { get; init; }

    /// <summary>Bytes per event passed as one CBOR block.</summary>
    public required int MaxEncodedLength { get; init; }

    /// <summary>The error when the actor exceeds a limit.</summary>
    public required ErrorNumber LimitError { get; init; }
}
