namespace Fvm;

/// <summary>What events may be. A limit is the largest allowed value.</summary>
public sealed record EventRules
{
    /// <summary>False where there is no syscall for events.</summary>
    public required bool Supported { get; init; }

    /// <summary>Entries of one event.</summary>
    public required int MaxEntries { get; init; }

    /// <summary>Bytes of one key.</summary>
    public required int MaxKeyLength { get; init; }

    /// <summary>Bytes of all values of one event.</summary>
    public required int MaxValuesLength { get; init; }

    /// <summary>Bytes of an event that is handed over as one CBOR block.</summary>
    public required int MaxEncodedLength { get; init; }

    /// <summary>What the actor sees when it exceeds a limit.</summary>
    public required ErrorNumber LimitError { get; init; }
}
