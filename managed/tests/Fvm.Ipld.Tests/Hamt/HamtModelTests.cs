using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>HAMTs against a dictionary as the model, under random operations and all parameters.</summary>
public sealed class HamtModelTests
{
    [TestCaseSource(typeof(HamtParameters), nameof(HamtParameters.All))]
    public void A_map_does_what_a_dictionary_does(HamtOptions options) =>
        Prop.ForAll(Operations().ToArbitrary(), operations => Agrees(options, operations)).QuickCheckThrowOnFailure();

    [TestCaseSource(typeof(HamtParameters), nameof(HamtParameters.All))]
    public void A_difference_is_that_of_dictionaries(HamtOptions options) => Prop.ForAll(
        Operations().ToArbitrary(),
        Operations().ToArbitrary(),
        (first, second) => DiffAgrees(options, first, second)).QuickCheckThrowOnFailure();

    /// <summary>Pages of operations: kind (set, delete, flush, reload), key, value.</summary>
    private static Gen<(int Kind, int Key, int Value)[]> Operations() =>
        (from kind in Gen.Frequency((10, Gen.Constant(0)), (7, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(3)))
         from key in Gen.Choose(0, 60)
         from value in Gen.Choose(0, 3)
         select (kind, key, value)).ArrayOf(150);

    private static bool Agrees(HamtOptions options, (int Kind, int Key, int Value)[] operations)
    {
        MemoryBlockstore store = new();
        Hamt map = new(store, options);
        Dictionary<int, int> model = [];
        bool same = true;
        foreach ((int kind, int key, int value) in operations)
        {
            switch (kind)
            {
                case 0:
                    map.Set(Key(key), Encode.Number(value));
                    model[key] = value;
                    break;
                case 1:
                    same &= map.Delete(Key(key)) == model.Remove(key);
                    break;
                case 2:
                    map.Flush();
                    break;
                default:
                    Cid root = map.Flush();
                    map = Hamt.Load(store, in root, options);
                    break;
            }
        }

        Hamt fresh = new(new MemoryBlockstore(), options);
        foreach ((int key, int value) in model.OrderByDescending(static pair => pair.Key))
        {
            same &= map.TryGet(Key(key), out ReadOnlyMemory<byte> found) && found.Span.SequenceEqual(Encode.Number(value));
            fresh.Set(Key(key), Encode.Number(value));
        }

        List<HamtEntry> entries = map.Entries().ToList();
        same &= entries.Count == model.Count;
        same &= entries.TrueForAll(entry => model.ContainsKey(entry.Key.Span[0]));
        if (options.BucketSize == 1)
        {
            same &= entries.Zip(entries.Skip(1)).All(static pair => Digest(pair.First).AsSpan().SequenceCompareTo(Digest(pair.Second)) < 0);
        }

        return same && map.Flush() == fresh.Flush() && map.IsEmpty == (model.Count == 0);
    }

    private static bool DiffAgrees(HamtOptions options, (int Kind, int Key, int Value)[] first, (int Kind, int Key, int Value)[] second)
    {
        MemoryBlockstore store = new();
        Hamt map = new(store, options);
        Dictionary<int, int> model = [];
        Apply(map, model, first);
        Dictionary<int, int> old = new(model);
        Cid oldRoot = map.Flush();
        Apply(map, model, second);

        Dictionary<int, (int?, int?)> expected = [];
        foreach (int key in old.Keys.Union(model.Keys))
        {
            int? before = old.TryGetValue(key, out int oldValue) ? oldValue : null;
            int? after = model.TryGetValue(key, out int newValue) ? newValue : null;
            if (before != after)
            {
                expected[key] = (before, after);
            }
        }

        List<HamtChange> changes = Hamt.Diff(Hamt.Load(store, in oldRoot, options), map).ToList();
        Dictionary<int, (int?, int?)> found = changes.ToDictionary(
            static change => (int)change.Key.Span[0],
            static change => (Value(change.Before), Value(change.After)));
        return found.Count == expected.Count && found.All(pair => expected[pair.Key] == pair.Value);
    }

    private static void Apply(Hamt map, Dictionary<int, int> model, (int Kind, int Key, int Value)[] operations)
    {
        foreach ((int kind, int key, int value) in operations)
        {
            if (kind == 0)
            {
                map.Set(Key(key), Encode.Number(value));
                model[key] = value;
            }
            else
            {
                map.Delete(Key(key));
                model.Remove(key);
            }
        }
    }

    private static byte[] Key(int key) => [(byte)key];

    private static byte[] Digest(HamtEntry entry) => SHA256.HashData(entry.Key.Span);

    private static int? Value(ReadOnlyMemory<byte>? encoded) => encoded is null ? null : encoded.Value.Span[0];
}
