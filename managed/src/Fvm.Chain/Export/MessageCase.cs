using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Messages of one machine with all that they need, to be run without the chain.</summary>
public sealed record MessageCase
{
    /// <summary>The machine's context: its state is that before the first message.</summary>
    public required MachineContext Context { get; init; }

    /// <summary>The messages.</summary>
    public required IReadOnlyList<AppliedMessage> Messages { get; init; }

    /// <summary>The blocks of the states and the actors' code that were read, in the order of their CIDs.</summary>
    public required IReadOnlyList<KeyValuePair<Cid, byte[]>> Blocks { get; init; }

    /// <summary>What the machine asked of the chain.</summary>
    public required ExternAnswers Answers { get; init; }
}
