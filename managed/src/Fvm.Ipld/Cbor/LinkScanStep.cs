namespace Fvm.Ipld;

/// <summary>The result of <see cref="LinkScanner.ReadField"/>.</summary>
public enum LinkScanStep
{
    /// <summary>An item other than a link; its head and, for a string, its bytes have been consumed.</summary>
    Field,

    /// <summary>The tag of a link, to be read with <see cref="LinkScanner.TryReadLink"/>.</summary>
    Link,

    /// <summary>Input that even the lax scan rejects; see <see cref="LinkScanner.Problem"/>.</summary>
    Malformed,
}
