namespace Fvm.Native;

/// <summary>The response to a message (C: <c>Result_FvmMachineExecuteResponse_t</c>, 216 bytes).</summary>
internal struct ExecuteResult : IResult
{
    public ResultHead Head;
    public ExecuteResponse Value;

    readonly void IResult.FreeValue()
    {
        Responses.Free(Value.Return);
        Responses.Free(Value.Trace);
        Responses.Free(Value.FailureInfo);
        Responses.Free(Value.Events);
        Responses.Free(Value.EventsRoot);
    }
}
