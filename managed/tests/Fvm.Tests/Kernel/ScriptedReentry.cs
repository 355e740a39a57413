namespace Fvm.Tests;

/// <summary>Stands where the call manager is: remembers the send, and answers as it is told to.</summary>
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
