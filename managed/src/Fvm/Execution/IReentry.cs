namespace Fvm;

/// <summary>Where a kernel goes back up into the call manager. Declared here so that nothing below references the call manager.</summary>
public interface IReentry
{
    /// <summary>Calls another actor inside a transaction of its own.</summary>
    /// <param name="from">The caller.</param>
    /// <param name="to">The receiver; created where its address allows it.</param>
    /// <param name="method">The method; 0 only transfers.</param>
    /// <param name="parameters">The parameters, if any.</param>
    /// <param name="value">attoFIL to transfer first.</param>
    /// <param name="gasLimit">A limit for this call alone, or null for all that is left.</param>
    /// <param name="readOnly">Whether the call must leave no trace in the state.</param>
    /// <param name="result">What the receiver gave back, where the outcome is Ok.</param>
    Outcome Send(
        ActorId from, in Address to, MethodNumber method, Block? parameters, TokenAmount value, Gas? gasLimit, bool readOnly, out InvocationResult result);
}
