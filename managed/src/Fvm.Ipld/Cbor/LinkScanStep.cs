// What a step of the scan for links found.
namespace Fvm.Ipld;

/// <summary>What <see cref="LinkScanner.ReadField"/> found.</summary>
public enum LinkScanStep
{
    /// <summary>An item that is no link, read past its head and, if a string, its bytes.</summary>
    Field,

    /// <summary>The tag of a link, which <see cref="LinkScanner.TryReadLink"/> reads next.</summary>
    Link,

    /// <summary>Something that even the lax scan refuses; <see cref="LinkScanner.Problem"/> says what.</summary>
    Malformed,
}
