// Commands whose help shows examples.
namespace Fvm.Cli;

internal interface IHasExamples
{
    /// <summary>Whole command lines, each perhaps followed by a remark.</summary>
    IReadOnlyList<string> Examples { get; }
}
