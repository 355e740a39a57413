namespace Fvm.Diff;

/// <summary>A call at the edge of the C interface, which a library has to survive.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The calls, and what has to come of them.</param>
/// <param name="IsUndefined">Whether filecoin-ffi's bindings never call so, and a library that does not survive it is not wrong.</param>
public sealed record LibraryEdge(string Name, string Description, bool IsUndefined);
