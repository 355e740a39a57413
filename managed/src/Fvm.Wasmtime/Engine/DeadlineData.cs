namespace Fvm.Wasmtime;

/// <summary>What the callback at a deadline needs, at a fixed address.</summary>
// Sound: declares only; it is part of the instance's block, like the state.
internal unsafe struct DeadlineData
{
    public WasmtimeFunctions* Functions;
    public InstanceState* State;
}
