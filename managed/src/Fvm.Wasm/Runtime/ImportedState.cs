namespace Fvm.Wasm;

/// <summary>Substitutes for imported globals, memory and table; private to each instance.</summary>
/// <param name="Globals">Values of the imported globals.</param>
/// <param name="Memory">Limits of the imported memory.</param>
/// <param name="Table">Limits of the imported table.</param>
internal sealed record ImportedState(ulong[] Globals, Limits? Memory, Limits? Table)
{
    public static ImportedState None { get; } = new([], null, null);
}
