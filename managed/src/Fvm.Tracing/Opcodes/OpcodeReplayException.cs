namespace Fvm.Tracing;

/// <summary>The opcodes of a message cannot be shown: running them again differs from the real run, or is too large.</summary>
/// <param name="reason">Why.</param>
/// <param name="place">Where; null for unknown.</param>
public sealed class OpcodeReplayException(string reason, string? place = null)
    : Exception($"the opcodes of this message cannot be shown: {(place is null ? string.Empty : $"{place}: ")}{reason}")
{
    /// <summary>Where; null for unknown.</summary>
    public string? Place => place;

    /// <summary>The same with a place.</summary>
    internal OpcodeReplayException At(string where) => new(reason, where);
}
