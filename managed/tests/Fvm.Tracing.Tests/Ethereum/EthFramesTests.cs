using System.Text;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

/// <summary>Calls become what Ethereum's tools see, by the rules of Lotus.</summary>
public sealed class EthFramesTests
{
    private static readonly Cid Evm = Cid.Blake2b256(Multicodec.Raw, "evm"u8);
    private static readonly Cid Other = Cid.Blake2b256(Multicodec.Raw, "other"u8);
    private static readonly ActorNames Names = new(static code => code == Evm ? "evm" : "account", 16);
    private static readonly MethodNumber InvokeEvm = EthFrames.InvokeContract;

    [Test]
    public void A_contract_call_has_the_contracts_own_data_and_gas_with_the_inclusion()
    {
        string json = Parity(
        [
            Charge(100), Call(100, 1000, InvokeEvm, Bytes(1, 2)), Invoke(1000, Evm), Charge(10), Return(0, Bytes(3)), Charge(5),
        ]);

        Assert.That(json, Is.EqualTo("""
            [{"type":"call","subtraces":0,"traceAddress":[],"action":{"callType":"call","from":"0xff00000000000000000000000000000000000064","to":"0xff000000000000000000000000000000000003e8","gas":"0x9","value":"0x0","input":"0x0102"},"result":{"gasUsed":"0x6e","output":"0x03"}}]
            """));
    }

    [Test]
    public void A_delegate_call_is_one_call_to_the_owner_of_the_code()
    {
        CborWriter parameters = new();
        parameters.WriteArrayHeader(4);
        parameters.WriteCid(Other);
        parameters.WriteBytes([7]);
        parameters.WriteBytes(new byte[20]);
        parameters.WriteBytes([]);
        string json = Parity(
        [
            Call(100, 1000, InvokeEvm), Invoke(1000, Evm),
            Call(1000, 1001, new MethodNumber(3)), Invoke(1001, Evm), Return(0),
            Call(1000, 1000, new MethodNumber(6), new IpldBlock(Multicodec.DagCbor, parameters.ToArray())), Invoke(1000, Evm), Return(33, Bytes(8)),
            Return(0),
        ]);

        Assert.That(json, Does.Contain("\"subtraces\":1").And.Contain(
            "\"error\":\"Reverted\",\"subtraces\":0,\"traceAddress\":[0],\"action\":{\"callType\":\"delegatecall\",\"from\":\"0xff000000000000000000000000000000000003e8\",\"to\":\"0xff000000000000000000000000000000000003e9\",\"gas\":\"0x9\",\"value\":\"0x0\",\"input\":\"0x07\"},\"result\":{\"gasUsed\":\"0x0\",\"output\":\"0x08\"}"));
    }

    [TestCase(6u, 0, Description = "no funds")]
    [TestCase(10u, 0, Description = "fatal")]
    [TestCase(7u, 1, Description = "out of gas")]
    public void Calls_that_ethereum_would_not_have_begun_are_left_out(uint exitCode, int shown)
    {
        string json = Parity([Call(100, 1000, InvokeEvm), Invoke(1000, Evm), Call(1000, 1001, InvokeEvm), Invoke(1001, Evm), Return(exitCode), Return(0)]);

        Assert.That(json, Does.Contain($"\"subtraces\":{shown}"));
    }

    [Test]
    public void A_call_that_reached_no_actor_is_left_out() =>
        Assert.That(Parity([Call(100, 1000, InvokeEvm), new CallErrorEvent(ErrorNumber.NotFound, "x")]), Is.EqualTo("[]"));

    [Test]
    public void Another_actors_call_looks_as_if_a_contract_received_it()
    {
        string json = Parity([Call(100, 99, MethodNumber.Send), Invoke(99, Other), Return(17)]);

        Assert.That(json, Does.Contain("\"error\":\"actor error: ErrNotFound(17)\"").And.Contain($"\"input\":\"0x868e10c4{new string('0', 64 * 2)}{new string('0', 62)}60{new string('0', 64)}\""));
    }

    [Test]
    public void Malformed_data_of_a_creation_is_no_creation()
    {
        string json = Parity(
        [
            Call(100, 10, new MethodNumber(2), new IpldBlock(Multicodec.DagCbor, new byte[] { 0x82, 0xff })), Invoke(10, Other),
            Call(10, 1, new MethodNumber(3)), Invoke(1, Other), Call(1, 1000, MethodNumber.Constructor), Invoke(1000, Evm), Return(0), Return(0), Return(0),
        ]);

        Assert.That(json, Does.StartWith("[{\"type\":\"call\""));
    }

    [Test]
    public void Addresses_are_ids_or_the_managers_delegated_ones()
    {
        byte[] bytes = [.. Enumerable.Range(1, EthAddress.Length).Select(static each => (byte)each)];
        Address delegated = Address.NewDelegated(ActorId.EthereumAddressManager, bytes);

        Assert.That(EthAddress.TryOf(delegated, out EthAddress address), Is.True);
        Assert.That(address.ToString(), Is.EqualTo("0x0102030405060708090a0b0c0d0e0f1011121314"));
        Assert.That(address.ToFilecoin(), Is.EqualTo(delegated));
        Assert.That(EthAddress.OfId(new ActorId(1000)).ToFilecoin(), Is.EqualTo(Address.NewId(1000)));
        Assert.That(EthAddress.TryOf(Address.NewDelegated(new ActorId(11), bytes), out _), Is.False);
    }

    private static string Parity(ExecutionEvent[] trace)
    {
        EthFrame? frame = EthFrames.Of(new CallTree(trace, Names), EthAddress.OfId(new ActorId(100)));
        return Encoding.UTF8.GetString(TraceJson.ToBytes(json => ParityTraces.Write(json, ParityTraces.Of(frame))).Span);
    }

    private static GasChargeEvent Charge(ulong gas) => new(new GasCharge("test", Gas.Of(gas), Gas.Zero));

    private static CallEvent Call(ulong from, ulong to, MethodNumber method, IpldBlock? parameters = null) =>
        new(new ActorId(from), Address.NewId(to), method, parameters, TokenAmount.Zero, 9, false);

    private static InvokeActorEvent Invoke(ulong id, Cid code) => new(new ActorId(id), ActorState.NewEmpty(code, null));

    private static CallReturnEvent Return(uint exitCode, IpldBlock? value = null) => new(new ExitCode(exitCode), value);

    private static IpldBlock Bytes(params byte[] bytes)
    {
        CborWriter writer = new();
        writer.WriteBytes(bytes);
        return new IpldBlock(Multicodec.Cbor, writer.ToArray());
    }
}
