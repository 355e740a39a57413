namespace Fvm;

/// <summary>Where a kernel goes back up into the call manager. Declared here so that nothing below references the call manager.</summary>
internal interface IReentry
{
    /// <summary>Calls another actor inside a transaction of its own.</summary>
    /// <param name="call">The call.</param>
    /// <param name="result">What the receiver gave back, where the outcome is Ok.</param>
    Outcome Send(in Call call, out InvocationResult result);
}
