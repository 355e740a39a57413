// What a replay prints for each vector.
namespace Fvm.Cli;

internal enum LineKind
{
    /// <summary>A line a difference.</summary>
    Text,

    /// <summary>A JSON line a vector: how it compared.</summary>
    Json,

    /// <summary>A JSON line a vector: what it gave.</summary>
    Outcomes,
}
