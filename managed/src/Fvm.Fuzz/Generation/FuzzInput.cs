using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>A sequence of messages on a state, and what is known of its run.</summary>
/// <param name="Case">What the sides run.</param>
/// <param name="State">The state that it starts from.</param>
internal sealed record FuzzInput(VectorCase Case, FuzzState State)
{
    /// <summary>The gas after each charge of each message, in milligas; empty before its run.</summary>
    public IReadOnlyList<IReadOnlyList<ulong>> Charges { get; init; } = [];

    public Vector Vector => Case.Vector;

    /// <summary>
    /// The same input with more randomness, such as a run of it made up: another host makes up another one, which is no difference of machines.
    /// </summary>
    public FuzzInput With(IReadOnlyList<VectorRandomness> more) => more.Count == 0
        ? this
        : this with { Case = VectorCase.Of(Vector with { Randomness = [.. Vector.Randomness, .. more] }).Single() };

    /// <summary>The same input with other messages.</summary>
    public FuzzInput With(IReadOnlyList<VectorMessage> messages) => this with
    {
        Case = VectorCase.Of(Vector with { Messages = messages, Receipts = [], ApplyRets = [], PostRoot = string.Empty }).Single(),
    };
}
