namespace Fvm.Ipld.Tests;

/// <summary>Numbers of one byte as values of a HAMT.</summary>
internal readonly struct SmallNumber : IHamtValueForm
{
    /// <inheritdoc/>
    public static int Measure(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && bytes[0] < 24 ? 1 : 0;
}
