using System.Text.Json;

namespace Fvm.Node;

/// <summary>A log that a client waits for, or one that a revert has taken back.</summary>
internal readonly record struct WatchedLog(LocalBlock Block, LocalMessage Message, LocalLog Log, bool IsRemoved)
{
    /// <summary>The logs of a change that a query wants: those of removed blocks first, the latest block first.</summary>
    public static IEnumerable<WatchedLog> Of(ChainChange change, LogQuery query) =>
        change.Removed.SelectMany(block => query.In(block).Reverse()).Select(static match => Of(match, isRemoved: true))
            .Concat(change.Added.SelectMany(query.In).Select(static match => Of(match, isRemoved: false)));

    private static WatchedLog Of((LocalBlock Block, LocalMessage Message, LocalLog Log) match, bool isRemoved) =>
        new(match.Block, match.Message, match.Log, isRemoved);

    public void WriteTo(Utf8JsonWriter json) => ChainJson.WriteLog(json, Block, Message, Log, IsRemoved);
}
