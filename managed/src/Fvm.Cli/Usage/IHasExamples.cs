namespace Fvm.Cli;

internal interface IHasExamples
{
    /// <summary>Complete command lines, each optionally followed by a remark.</summary>
    IReadOnlyList<string> Examples { get; }
}
