using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Fvm.Crypto;

namespace Fvm.Wasm;

/// <summary>A function's signature. Equal by content.</summary>
public sealed class FunctionType : IEquatable<FunctionType>
{
    public FunctionType(ImmutableArray<ValueKind> parameters, ImmutableArray<ValueKind> results)
    {
        Parameters = parameters;
        Results = results;
    }

    public ImmutableArray<ValueKind> Parameters { get; }

    /// <summary>Result types; at most one in this feature set.</summary>
    public ImmutableArray<ValueKind> Results { get; }

    /// <summary>The type of the result, or <see cref="ValueKind.Empty"/>.</summary>
    public ValueKind Result => Results.IsEmpty ? ValueKind.Empty : Results[0];

    public bool Equals(FunctionType? other) =>
        other is not null && Parameters.AsSpan().SequenceEqual(other.Parameters.AsSpan()) &&
        Results.AsSpan().SequenceEqual(other.Results.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as FunctionType);

    /// <summary>A keyed hash: a module chooses its types.</summary>
    // Sound: a kind is one byte.
    public override int GetHashCode() =>
        KeyedHash.ToHashCode(KeyedHash.Of(MemoryMarshal.AsBytes(Parameters.AsSpan()), (ulong)Result));

    public override string ToString() => $"({string.Join(", ", Parameters)}) -> ({string.Join(", ", Results)})".ToLowerInvariant();
}
