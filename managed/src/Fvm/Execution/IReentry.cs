namespace Fvm;

/// <summary>The kernel's way up into the call manager. Declared here so that no lower floor references the call manager.</summary>
internal interface IReentry
{
    /// <summary>Calls another actor in a nested transaction.</summary>
    /// <param name="call">The call.</param>
    /// <param name="result">The receiver's result, if the outcome is Ok.</param>
    Outcome Send(in Call call, out InvocationResult result);
}
