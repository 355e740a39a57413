using Fvm.Ipld;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

/// <summary>The storage of recorded contracts can be written again with the same roots.</summary>
public sealed class RecordedStorageTests
{
    private int _storages;
    private int _entries;

    [TestCase("nv18/evm.ndjson.gz")]
    [TestCase("nv28/evm.ndjson.gz")]
    public void Storage_written_in_any_order_with_detours_has_the_recorded_root(string set)
    {
        _storages = 0;
        _entries = 0;

        RecordedMessages.Check(set, FaultOf);

        TestContext.Out.WriteLine($"{_storages} storages, {_entries} entries");
        Assert.That(_storages, Is.GreaterThan(100));
        Assert.That(_entries, Is.GreaterThan(500));
    }

    private string? FaultOf(ReplayedMessage applied)
    {
        StateTree state = applied.Machine.StateTree;
        HashSet<ActorId> touched = [];
        foreach (InvokeActorEvent invoked in applied.Result.Trace.OfType<InvokeActorEvent>())
        {
            if (touched.Add(invoked.Id)
                && state.GetActor(invoked.Id) is ActorState actor
                && applied.Machine.Manifest.NameOf(actor.Code) == "evm"
                && FaultOf(applied.Machine.Blockstore, ContractState.Read(applied.Machine.Blockstore, actor.State), applied.Index) is string fault)
            {
                return $"f0{invoked.Id}: {fault}";
            }
        }

        return null;
    }

    private string? FaultOf(IBlockstore store, ContractState contract, int seed)
    {
        KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>[] entries =
            [.. Kamt.Load(store, contract.Storage, KamtOptions.ContractStorage).Entries()];
        Random random = new(seed);
        random.Shuffle(entries);
        Kamt written = new(new MemoryBlockstore(), KamtOptions.ContractStorage);
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in entries)
        {
            byte[] other = key.ToArray();
            other[random.Next(Kamt.KeyLength)] ^= (byte)(1 << random.Next(8));
            bool isNew = !written.TryGet(other, out _);
            written.Set(other, [1, 2]);
            written.Set(key.Span, value.Span);
            if (isNew)
            {
                written.Delete(other);
            }
        }

        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in entries)
        {
            written.Set(key.Span, value.Span);
        }

        if (written.Flush() != contract.Storage) return "another root when written anew";

        Kamt changed = Kamt.Load(new LayeredBlockstore(new MemoryBlockstore(), store), contract.Storage, KamtOptions.ContractStorage);
        int half = entries.Length / 2;
        foreach ((ReadOnlyMemory<byte> key, _) in entries[..half])
        {
            if (!changed.Delete(key.Span)) return "an entry that cannot be deleted";
        }

        if (half > 0 && changed.Flush() == contract.Storage) return "the same root without half of the entries";

        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in entries[..half])
        {
            changed.Set(key.Span, value.Span);
        }

        Interlocked.Increment(ref _storages);
        Interlocked.Add(ref _entries, entries.Length);
        return changed.Flush() == contract.Storage ? null : "another root after deletion and insertion";
    }
}
