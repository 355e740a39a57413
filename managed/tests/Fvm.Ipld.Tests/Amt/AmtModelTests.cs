using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Amt = Fvm.Ipld.Amt;

/// <summary>AMTs against a sorted dictionary as the model, under random operations.</summary>
public sealed class AmtModelTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(5)]
    [TestCase(8)]
    public void A_list_does_what_a_dictionary_does(int bitWidth) =>
        Prop.ForAll(Operations().ToArbitrary(), operations => Agrees(bitWidth, operations)).QuickCheckThrowOnFailure();

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(5)]
    public void A_difference_is_that_of_dictionaries(int bitWidth) => Prop.ForAll(
        Operations().ToArbitrary(),
        Operations().ToArbitrary(),
        (first, second) => DiffAgrees(bitWidth, first, second)).QuickCheckThrowOnFailure();

    /// <summary>Kind (set, delete, flush, reload), index (mostly small, sometimes maximal), value.</summary>
    private static Gen<(int Kind, ulong Index, int Value)[]> Operations() =>
        (from kind in Gen.Frequency((10, Gen.Constant(0)), (8, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(3)))
         from small in Gen.Choose(0, 40)
         from shift in Gen.Frequency((12, Gen.Constant(0)), (2, Gen.Constant(8)), (1, Gen.Constant(40)), (1, Gen.Constant(58)))
         from value in Gen.Choose(0, 3)
         select (kind, (ulong)small << shift, value)).ArrayOf(80);

    private static bool Agrees(int bitWidth, (int Kind, ulong Index, int Value)[] operations)
    {
        MemoryBlockstore store = new();
        Amt list = new(store, bitWidth);
        SortedDictionary<ulong, int> model = [];
        bool same = true;
        foreach ((int kind, ulong index, int value) in operations)
        {
            switch (kind)
            {
                case 0:
                    list.Set(index, Encode.Number(value));
                    model[index] = value;
                    break;
                case 1:
                    same &= list.Delete(index) == model.Remove(index);
                    break;
                case 2:
                    list.Flush();
                    break;
                default:
                    Cid root = list.Flush();
                    list = Amt.Load(store, in root);
                    break;
            }
        }

        Amt fresh = new(new MemoryBlockstore(), bitWidth);
        foreach ((ulong index, int value) in model.Reverse())
        {
            same &= list.TryGet(index, out ReadOnlyMemory<byte> found) && found.Span.SequenceEqual(Encode.Number(value));
            fresh.Set(index, Encode.Number(value));
        }

        ulong middle = model.Count == 0 ? 0 : model.Keys.ElementAt(model.Count / 2);
        same &= list.Entries()
            .Select(static entry => KeyValuePair.Create(entry.Index, (int)entry.Value.Span[0]))
            .SequenceEqual(model);
        same &= list.Entries(start: middle).Select(static entry => entry.Index).SequenceEqual(model.Keys.Where(index => index >= middle));
        same &= list.Count == (ulong)model.Count;

        // After deletions, the height equals that of a list that was never larger, unless holes at its start keep the levels.
        return same && (list.Flush() == fresh.Flush() || list.Height > fresh.Height);
    }

    private static bool DiffAgrees(int bitWidth, (int Kind, ulong Index, int Value)[] first, (int Kind, ulong Index, int Value)[] second)
    {
        MemoryBlockstore store = new();
        Amt list = new(store, bitWidth);
        SortedDictionary<ulong, int> model = [];
        Apply(list, model, first);
        SortedDictionary<ulong, int> old = new(model);
        Cid oldRoot = list.Flush();
        Apply(list, model, second);

        List<(ulong, int?, int?)> expected = [];
        foreach (ulong index in old.Keys.Union(model.Keys).Order())
        {
            int? before = old.TryGetValue(index, out int oldValue) ? oldValue : null;
            int? after = model.TryGetValue(index, out int newValue) ? newValue : null;
            if (before != after)
            {
                expected.Add((index, before, after));
            }
        }

        return Amt.Diff(Amt.Load(store, in oldRoot), list)
            .Select(static change => (change.Index, Value(change.Before), Value(change.After)))
            .SequenceEqual(expected);
    }

    private static void Apply(Amt list, SortedDictionary<ulong, int> model, (int Kind, ulong Index, int Value)[] operations)
    {
        foreach ((int kind, ulong index, int value) in operations)
        {
            if (kind == 0)
            {
                list.Set(index, Encode.Number(value));
                model[index] = value;
            }
            else
            {
                list.Delete(index);
                model.Remove(index);
            }
        }
    }

    private static int? Value(ReadOnlyMemory<byte>? encoded) => encoded is null ? null : encoded.Value.Span[0];
}
