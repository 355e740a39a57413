namespace Fvm.Node;

/// <summary>A call on a state that is made for it.</summary>
/// <param name="Executor">Runs it.</param>
/// <param name="State">The state.</param>
/// <param name="Message">The call as a message.</param>
/// <param name="Kind">Whether its sender is checked.</param>
/// <param name="Length">The length that is charged for.</param>
internal sealed record PreparedCall(Executor Executor, StateView State, Message Message, ApplyKind Kind, int Length)
{
    /// <summary>Runs the call.</summary>
    public ApplyRet Apply() => Executor.Execute(Message, Kind, Length);
}
