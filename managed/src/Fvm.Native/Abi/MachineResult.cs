namespace Fvm.Native;

/// <summary>The response to the creation of a machine (C: <c>Result_InnerFvmMachine_ptr_t</c>, 32 bytes).</summary>
internal struct MachineResult : IResult
{
    public ResultHead Head;
    public nint Value;

    readonly void IResult.FreeValue()
    {
    }
}
