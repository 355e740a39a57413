using System.Text.RegularExpressions;
using NUnit.Framework;
using static Fvm.Tests.SourceFiles;

namespace Fvm.Tests;

/// <summary>
/// Whoever can choose the keys of a dictionary, and knows their hash, can make each access take time linear in their number. .NET hashes numbers
/// and records of numbers without a key.
/// </summary>
public sealed class HashKeysTests
{
    // Types whose hash codes are keyed, by Fvm.Crypto.KeyedHash or by .NET.
    private static readonly string[] KeyedTypes =
    [
        "string", "Cid", "Address", "ActorId", "ChainEpoch", "FunctionType", "ReadOnlyMemory<byte>", "(bool", "ByteString",
        "EthAddress", "EthHash", "EthWord",

        // Records with a keyed hash of their own.
        "Key", "CodeKey",

        // A parameter of the type that has the dictionary, a class of ours, an enumeration.
        "TKey", "IHoldsBytes", "NetworkVersion",
    ];

    // Files with dictionaries of other keys, and why nobody can choose so many of them.
    private static readonly Dictionary<string, string> Others = new()
    {
        ["Fvm.Actors/StateDifference/TriePlace.cs"] = "sorted, by the slot of a node",
        ["Fvm.Actors/StateDifference/TrieReader.cs"] = "sorted, by the slot of a node",
        ["Fvm.Actors/StateDifference/TrieSide.cs"] = "sorted, by the slot of a node",
        ["Fvm.Chain/Execution/BaseFee.cs"] = "senders with nonces: the addresses are keyed, and .NET combines hash codes by a random key",
        ["Fvm.Chain/Source/Rpc/RpcWebSocket.cs"] = "numbers of calls, which this process gives out",
        ["Fvm.Chain/Source/BlockFolder.cs"] = "hash codes of CIDs, which are keyed",
        ["Fvm.Ipld/Kamt/KamtNode.cs"] = "sorted, by the slot of a node",
        ["Fvm.Fuzz/Coverage/TraceFeatures.cs"] = "hashes of the user's own run",
        ["Fvm.Native/CallGraph.cs"] = "numbers of threads",
        ["Fvm.Native/Handles.cs"] = "handles, which the library gives out",
        ["Fvm.Node/Subscriptions/NotifyMethods.cs"] = "sorted, by numbers that the node gives out",
        ["Fvm.Node/Subscriptions/WatchMethods.cs"] = "sorted, by numbers that the node gives out",
        ["Fvm.Sidecar/Prefetch/ConnectionHints.cs"] = "the server's own items of a connection",
        ["Fvm.Sidecar/Sessions/Callbacks.cs"] = "numbers that the server gives out",
        ["Fvm.Sidecar/Sessions/Session.cs"] = "a session has a limited number of calls and machines",
        ["Fvm.Vectors/Genesis/GenesisSpec.cs"] = "the user's own specification",
        ["Fvm.Vectors/Replay/ParallelReplay.cs"] = "numbers in a row",
        ["Fvm.Wasm.Fuzz/CodeGenerator.cs"] = "kinds of values",
        ["Fvm.Wasm/Compiler/Code/CodeSegment.cs"] = "addresses of code; numbers of functions, which are less than their count",
        ["Fvm.Wasm/Compiler/Code/FunctionListing.cs"] = "addresses of code",
        ["Fvm.Wasm/Runtime/InstanceLimits.cs"] = "numbers of functions, which are less than their count",
        ["Fvm.Wasmtime/Instrumentation/FunctionWriter.cs"] = "positions of instructions, which are less than their count",
        ["Fvm.Wasmtime/Instrumentation/GasMeter.cs"] = "positions of instructions",
        ["Fvm.Wasmtime/Instrumentation/InstrumentedModule.cs"] = "numbers of functions, which are less than their count",
        ["Fvm.Wasmtime/Instrumentation/Instrumenter.cs"] = "numbers of functions",
    };

    [Test]
    public void Dictionaries_have_keys_with_a_keyed_hash()
    {
        Regex uses = new(@"\b\w*(?:Dictionary|HashSet|HistoryMap)<(?<key>\(?\w+(?:<\w+>)?)");
        (string File, string Key)[] all = [.. Projects().SelectMany(Of)
            .SelectMany(file => uses.Matches(file.Code).Select(match => ($"{file.Project}/{file.Path}", match.Groups["key"].Value)))];
        Assert.That(all, Has.Length.GreaterThan(50), "the uses are found");
        Assert.That(all.Where(static use => !KeyedTypes.Contains(use.Key) && !Others.ContainsKey(use.File)), Is.Empty);
        Assert.That(Others.Keys.Except(all.Where(static use => !KeyedTypes.Contains(use.Key)).Select(static use => use.File)), Is.Empty, "no longer needed");
    }
}
