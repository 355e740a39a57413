using System.Globalization;
using Fvm.Actors;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Adds to differences what people need: the names of actors and methods in call stacks, and, where state roots differ, the fields of the states.
/// </summary>
/// <param name="bundles">The bundles, whose manifests have the names.</param>
/// <param name="a">The name of the first side.</param>
/// <param name="b">The name of the second side.</param>
public sealed class DifferenceExplainer(BundleCatalog bundles, string a, string b)
{
    private const int MaxFields = 100;

    /// <summary>The same comparison, with names and states.</summary>
    public VectorComparison Explain(VectorComparison comparison)
    {
        if (comparison is not { Status: ComparisonStatus.Different, Case: VectorCase item } || (comparison.Trace is null && !comparison.StatesDiffer))
        {
            return comparison;
        }

        VectorNames names;
        try
        {
            names = new VectorNames(item.Vector with { Variants = [item.Variant] }, CarBlocks.Read(item.Vector.Car, "car"), bundles);
        }
        catch (InputException exception)
        {
            return comparison.StatesDiffer ? comparison with { States = Without(exception.Message) } : comparison;
        }

        return comparison with
        {
            Trace = comparison.Trace is not TraceDivergence trace ? null : trace with
            {
                CallsA = Named(trace.CallsA, names),
                CallsB = Named(trace.CallsB, names),
            },
            States = comparison.StatesDiffer ? Compare(comparison.StateA, comparison.StateB, names) : null,
        };
    }

    private StateComparison Compare(StateOfSide? left, StateOfSide? right, VectorNames names)
    {
        if (left is null || right is null)
        {
            string missing = left is null && right is null ? $"{a} and {b}" : left is null ? a : b;
            return Without($"{missing} does not hand over the blocks of its state");
        }

        StateComparer comparer = new(BlocksOf(left, names), BlocksOf(right, names), names.NameOf, MaxFields);
        IReadOnlyList<StateDifference> found = comparer.Compare(left.Root, right.Root);
        return new StateComparison(found, comparer.IsTruncated, Note: null);
    }

    private static LayeredBlockstore BlocksOf(StateOfSide state, VectorNames names)
    {
        MemoryBlockstore written = new();
        written.PutMany(state.Written);
        return new LayeredBlockstore(written, names.Blocks);
    }

    private static StateComparison Without(string note) => new([], IsTruncated: false, note);

    // An actor is named by the code that a call of the stack invoked, else by the state before the first message.
    private static CallStackEntry[] Named(IReadOnlyList<CallStackEntry> calls, VectorNames names)
    {
        CallStackEntry[] named = new CallStackEntry[calls.Count];
        for (int index = 0; index < named.Length; index++)
        {
            CallStackEntry call = calls[index];
            CallStackEntry? caller = index > 0 && named[index - 1].Invoked == call.From ? named[index - 1] : null;
            string? receiver = Cid.TryParse(call.Code, out Cid code) ? names.NameOf(code) : NameOf(call.To, names);
            named[index] = call with
            {
                FromName = caller is null ? NameOf(call.From, names) : caller.ToName,
                ToName = receiver,
                MethodName = ulong.TryParse(call.Method, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                    ? names.MethodOf(receiver, new MethodNumber(number))?.Name
                    : null,
            };
        }

        return named;
    }

    private static string? NameOf(string address, VectorNames names) =>
        Address.TryParse(address, out Address parsed) ? names.ActorOf(parsed) : null;
}
