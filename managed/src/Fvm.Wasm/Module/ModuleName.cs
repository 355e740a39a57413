namespace Fvm.Wasm;

/// <summary>A name that only one content has, such as a CID, under which an engine may keep code without the module's bytes.</summary>
/// <param name="Bytes">The name.</param>
/// <param name="IsOf">
/// Verifies that a module has this name: asked before anything is kept, so that a host with wrong bytes harms only its own machines.
/// </param>
public sealed record ModuleName(ReadOnlyMemory<byte> Bytes, Func<ReadOnlyMemory<byte>, bool> IsOf);
