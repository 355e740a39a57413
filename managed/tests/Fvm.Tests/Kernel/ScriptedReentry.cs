namespace Fvm.Tests;

/// <summary>A stub of the call manager: records the send, and returns a configured result.</summary>
internal sealed class ScriptedReentry : IReentry
{
    public Outcome Outcome { get; set; } = Outcome.Ok;

    public InvocationResult Result { get; set; } = InvocationResult.Empty;

    public Call? Asked { get; private set; }

    public Outcome Send(in Call call, out InvocationResult result)
    {
        Asked = call;
        result = Result;
        return Outcome;
    }
}
