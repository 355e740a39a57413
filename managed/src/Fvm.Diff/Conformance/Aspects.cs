namespace Fvm.Diff;

/// <summary>What of a message's result a field belongs to.</summary>
internal static class Aspects
{
    /// <summary>All aspects, in the order in which a message is compared.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["outcomes", "exit codes", "gas", "return values", "fees", "events", "traces", "state roots"];

    /// <summary>The aspect of a field of a comparison.</summary>
    public static string Of(string field) => field switch
    {
        "outcome" => "outcomes",
        "exit_code" => "exit codes",
        "gas_used" => "gas",
        "return" or "return_codec" => "return values",
        "state_root" => "state roots",
        _ when field.StartsWith("events", StringComparison.Ordinal) => "events",
        _ when field.StartsWith("trace", StringComparison.Ordinal) => "traces",
        _ => "fees",
    };
}
