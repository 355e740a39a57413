namespace Fvm.Cli;

internal enum LineKind
{
    /// <summary>One line per difference.</summary>
    Text,

    /// <summary>One JSON line per vector: the comparison.</summary>
    Json,

    /// <summary>One JSON line per vector: the results.</summary>
    Outcomes,

    /// <summary>One JSON line per message: its trace in a form.</summary>
    Descriptions,
}
