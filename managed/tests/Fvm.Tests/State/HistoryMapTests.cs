using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class HistoryMapTests
{
    [Test]
    public void Changes_are_undone_from_the_latest_back()
    {
        HistoryMap<int, string> map = new();
        map.Put(1, "foo");
        map.Put(2, "bar");
        map.Put(1, "baz");
        map.Put(1, "baz");
        Assert.That(map.HistoryLength, Is.EqualTo(3));

        map.Rollback(4);
        Assert.That(Value(map, 1), Is.EqualTo("baz"));
        map.Rollback(2);
        Assert.That(Value(map, 1), Is.EqualTo("foo"));
        map.Rollback(1);
        Assert.That(Value(map, 2), Is.Null);
        map.Rollback(0);
        Assert.That(Value(map, 1), Is.Null);
        Assert.That(map.HistoryLength, Is.Zero);
    }

    [Test]
    public void A_discarded_history_cannot_be_undone()
    {
        HistoryMap<int, string> map = new();
        map.Put(1, "foo");
        map.DiscardHistory();
        map.Rollback(0);
        Assert.That(Value(map, 1), Is.EqualTo("foo"));
    }

    [Test]
    public void Rolling_back_gives_the_map_that_was() => Prop.ForAll<(byte Key, byte Value)[], (byte Key, byte Value)[]>((before, after) =>
    {
        HistoryMap<int, string> map = new();
        Put(map, before);
        Dictionary<int, string> copy = new(map.Entries);
        int length = map.HistoryLength;
        Put(map, after);
        map.Rollback(length);
        return copy.Count == map.Entries.Count && copy.All(entry => map.Entries[entry.Key] == entry.Value);
    }).QuickCheckThrowOnFailure();

    private static void Put(HistoryMap<int, string> map, (byte Key, byte Value)[] entries)
    {
        foreach ((byte key, byte value) in entries)
        {
            map.Put(key % 8, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static string? Value(HistoryMap<int, string> map, int key) => map.TryGet(key, out string? value) ? value : null;
}
