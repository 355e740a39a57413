namespace Fvm.Diff;

/// <summary>Why a run of a command did not end well.</summary>
/// <param name="Text">The reason, as the end of a sentence about the command.</param>
/// <param name="Fault">What is to blame.</param>
internal sealed record CommandFailure(string Text, CommandFault Fault);
