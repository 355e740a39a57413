using BenchmarkDotNet.Attributes;
using Fvm.Ipld;
using Fvm.Tests;

namespace Fvm.Bench;

/// <summary>Decoding of objects that every message contains or touches.</summary>
public class DecodeBench
{
    private const int Actors = 10_000;

    private byte[] _message = [];
    private byte[] _actor = [];
    private TestState _state = new();
    private Cid _root;
    private ulong _next;

    [GlobalSetup]
    public void Setup()
    {
        using TestRun run = new();
        _message = run.Message(TestState.BlsKey, 2, TokenAmount.FromAtto(5L), parameters: new byte[100]).Encode();
        _state = new TestState();
        for (int i = 0; i < Actors; i++)
        {
            _state.AddActor(TestState.CodeOf("account"), TokenAmount.FromAtto(5L));
        }

        _root = _state.Flush();
        _actor = _state.Tree.GetActor(TestState.Actor)!.Encode(StateTreeVersion.V5);
    }

    [Benchmark]
    public Message MessageOf100Bytes() => Message.Decode(_message);

    [Benchmark]
    public ActorState Actor() => ActorState.Decode(_actor, StateTreeVersion.V5);

    /// <summary>An actor in a freshly loaded tree of 10,000: the nodes on its path are decoded.</summary>
    [Benchmark]
    public ActorState? ActorOfNewTree() =>
        StateTree.Load(_state.Store, _root, StateTreeVersion.V5).GetActor(new ActorId(1_000 + (_next++ % Actors)));
}
