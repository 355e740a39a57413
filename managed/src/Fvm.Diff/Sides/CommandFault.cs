namespace Fvm.Diff;

/// <summary>What a failed run of a command says about the command.</summary>
internal enum CommandFault
{
    /// <summary>Nothing: another vector may work.</summary>
    Run,

    /// <summary>It refuses its arguments (exit codes 2, 126 and 127): if it refuses every vector, it is no side.</summary>
    Refusal,

    /// <summary>It cannot be started, or prints something other than results.</summary>
    Unusable,
}
