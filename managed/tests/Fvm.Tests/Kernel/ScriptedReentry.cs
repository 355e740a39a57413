namespace Fvm.Tests;

/// <summary>Stands where the call manager is: remembers the send, and answers as it is told to.</summary>
internal sealed class ScriptedReentry : IReentry
{
    public Outcome Outcome { get; set; } = Outcome.Ok;

    public InvocationResult Result { get; set; } = InvocationResult.Empty;

    public (ActorId From, Address To, MethodNumber Method, Block? Parameters, TokenAmount Value, Gas? GasLimit, bool ReadOnly)? Asked
    {
        get;
        private set;
    }

    public Outcome Send(
        ActorId from, in Address to, MethodNumber method, Block? parameters, TokenAmount value, Gas? gasLimit, bool readOnly, out InvocationResult result)
    {
        Asked = (from, to, method, parameters, value, gasLimit, readOnly);
        result = Result;
        return Outcome;
    }
}
