using System.Numerics;
using Fvm.Actors;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>
/// What tests of Filecoin's contracts need and no tool of Ethereum has (<c>fvm_*</c>): any method of a builtin actor by name and from any sender,
/// miners with power, DataCap, actors of one's own.
/// </summary>
/// <param name="chain">The chain.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinTestMethods(LocalChain chain, LotusForms forms)
{
    private const int MaxCode = 4 << 20;
    private static readonly Address Init = Address.NewId(ActorId.Init);
    private static readonly Address Power = Address.NewId(ActorId.StoragePower);
    private static readonly Address VerifiedRegistry = Address.NewId(ActorId.VerifiedRegistry);
    private static readonly Address RegistryRoot = Address.NewId(80);
    private static readonly MethodNumber UpdateClaimedPower = new(3);
    private static readonly MethodNumber AddVerifier = new(2);
    private static readonly MethodNumber AddVerifiedClient = new(4);

    // The owner of the genesis's miner, who also gives DataCap.
    private static readonly Address Owner = Address.NewId(100);
    private long _calls;

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        Add(registry, "fvm_call", CallAsync);
        Add(registry, "fvm_addPower", async call =>
        {
            Address miner = call.Parameters[0, "miner"].FilecoinAddress();
            CborWriter parameters = new();
            parameters.WriteArrayHeader(2);
            WriteAmount(parameters, call.Parameters[1, "raw bytes"].BigNumber());
            WriteAmount(parameters, call.Parameters[2, "quality-adjusted bytes"] is { IsMissing: false } quality
                ? quality.BigNumber()
                : call.Parameters[1, "raw bytes"].BigNumber());
            await SendAsync(call, IdOf(miner), Power, UpdateClaimedPower, parameters.ToArray(), TokenAmount.Zero);
        });
        Add(registry, "fvm_giveDataCap", async call =>
        {
            Address client = call.Parameters[0, "client"].FilecoinAddress();
            BigInteger bytes = call.Parameters[1, "bytes"].BigNumber();
            _ = await RunAsync(RegistryRoot, VerifiedRegistry, AddVerifier, AllowanceOf(Owner, bytes), TokenAmount.Zero);
            await SendAsync(call, Owner, VerifiedRegistry, AddVerifiedClient, AllowanceOf(client, bytes), TokenAmount.Zero);
        });
        Add(registry, "fvm_installActor", InstallAsync);
    }

    private static void Add(RpcRegistry registry, string name, Func<RpcCall, Task> handler) => TraceAnswers.Add(registry, name, handler);

    private static byte[] AllowanceOf(in Address receiver, in BigInteger bytes)
    {
        CborWriter parameters = new();
        parameters.WriteArrayHeader(2);
        parameters.WriteBytes(receiver.ToBytes());
        WriteAmount(parameters, bytes);
        return parameters.ToArray();
    }

    private static void WriteAmount(CborWriter writer, in BigInteger amount) => writer.WriteBytes(TokenAmount.FromAtto(amount).ToBytes());

    private Address IdOf(in Address address)
    {
        StateView state = chain.StateOf(chain.Head);
        return state.Find(address) is not null && state.Tree.LookupId(address) is ActorId id
            ? Address.NewId(id)
            : throw new RefusedException($"there is no actor {address}");
    }

    private async Task CallAsync(RpcCall call)
    {
        RpcValue request = call.Parameters[0, "call"];
        Address from = IdOf(request["from"].FilecoinAddress());
        Address to = request["to"].FilecoinAddress();
        TokenAmount value = request["value"].Attos();
        (MethodNumber method, byte[] parameters) = MethodIn(request, to);
        await SendAsync(call, from, to, method, parameters, value);
    }

    private (MethodNumber Method, byte[] Parameters) MethodIn(RpcValue request, in Address to)
    {
        RpcValue name = request["method"];
        RpcValue given = request["params"];
        string? actor = chain.StateOf(chain.Head).NameOf(to);
        int version = chain.ActorsVersion;
        bool isName = name.IsText && !char.IsAsciiDigit(name.Text().FirstOrDefault('0'));
        if (isName && actor is not null)
        {
            ActorMethod method = BuiltinActors.Table.MethodsOf(actor, version).FirstOrDefault(row => row.Name == name.Text())
                ?? throw name.Expected($"a method of {actor}, such as {BuiltinActors.Table.MethodsOf(actor, version)[^1].Name}");
            return (method.Number, given.IsMissing ? [] : method.EncodeParameters(given.Element));
        }

        MethodNumber number = isName
            ? throw name.Expected("a number: the receiver is no builtin actor")
            : new MethodNumber(name.IsMissing ? 0 : name.Number());
        return (number, given.IsMissing ? [] : given.Text().StartsWith("0x", StringComparison.Ordinal) ? given.Bytes() : given.Base64());
    }

    // In a block of its own, and what it gave; an error if it failed.
    private async Task SendAsync(RpcCall call, Address from, Address to, MethodNumber method, byte[] parameters, TokenAmount value)
    {
        LocalMessage message = await RunAsync(from, to, method, parameters, value);
        string? actor = chain.StateOf(chain.Head).NameOf(to);
        ReadOnlyMemory<byte> returned = message.Ret.Receipt.ReturnData;
        DecodedValue? decoded = actor is null || returned.IsEmpty
            ? null
            : BuiltinActors.Table.FindMethod(actor, chain.ActorsVersion, method)?.DecodeResult(new IpldBlock(Multicodec.DagCbor, returned));
        call.Result.WriteStartObject();
        call.Result.WriteCid("Message", message.Message.Cid);
        call.Result.WriteHash("TransactionHash", message.Hash);
        call.Result.WritePropertyName("Receipt");
        call.Result.WriteReceipt(message.Ret.Receipt);
        call.Result.WritePropertyName("ReturnDec");
        forms.WriteDecoded(call.Result, decoded);
        call.Result.WriteEndObject();
    }

    private async Task<LocalMessage> RunAsync(Address from, Address to, MethodNumber method, byte[] parameters, TokenAmount value)
    {
        Message message = MessageOf(from, to, method, parameters, value);
        ChainMessage encoded = ChainMessage.Create(message, signature: null);
        EthHash hash = await chain.SendAsync(new PoolMessage(EthHash.OfCid(encoded.Cid), encoded, Transaction: null, Unchecked: true));
        if (chain.FindMessage(hash) is null)
        {
            _ = await chain.MineAsync();
        }

        LocalMessage ran = chain.FindMessage(hash)?.Message ?? throw new RefusedException("the message was not mined");
        RequireSuccess(ran.Ret);
        return ran;
    }

    private Message MessageOf(Address from, Address to, MethodNumber method, byte[] parameters, TokenAmount value) => new()
    {
        From = from,
        To = to,
        Method = method,
        Params = parameters,
        Value = value,
        GasLimit = chain.GasPerBlock,
        GasFeeCap = chain.NextBaseFee,

        // Nonces of such messages count for nothing but their CIDs.
        Sequence = (ulong)Interlocked.Increment(ref _calls) | (1UL << 40),
    };

    private static void RequireSuccess(ApplyRet ret)
    {
        if (!ret.Receipt.ExitCode.IsSuccess)
        {
            throw new RefusedException(
                $"exit code {ret.Receipt.ExitCode.Describe()}: {PrintableText.Of(ret.Failure?.TrimEnd() ?? "no reason given")}");
        }
    }

    // The init actor makes builtin actors alone: the actor is put into the state, and its constructor called in the init actor's name.
    private async Task InstallAsync(RpcCall call)
    {
        RpcValue value = call.Parameters[0, "code"];
        byte[] code = value.Bytes();
        if (code.Length is 0 or > MaxCode)
        {
            throw value.Expected($"Wasm of 1 to {MaxCode} bytes");
        }

        RpcValue given = call.Parameters[1, "constructor parameters"];
        byte[] parameters = given.IsMissing ? [] : given.Bytes();
        Address address = Address.NewActor([.. code, .. BitConverter.GetBytes(chain.Head.Number)]);

        // One whose constructor fails never is in the state.
        RequireSuccess(await chain.TryAsync(tree => Put(tree), MessageOf(Init, address, MethodNumber.Constructor, parameters, TokenAmount.Zero)));
        ActorId id = default;
        await chain.EditAsync((tree, _) => id = Put(tree));
        try
        {
            _ = await RunAsync(Init, Address.NewId(id), MethodNumber.Constructor, parameters, TokenAmount.Zero);
        }
        catch (RefusedException)
        {
            // It failed on what has changed meanwhile. Messages of others in that block stay.
            await chain.EditAsync((tree, _) => tree.DeleteActor(id));
            throw;
        }

        call.Result.WriteStartObject();
        call.Result.WriteString("IDAddress", forms.Text(Address.NewId(id)));
        call.Result.WriteString("RobustAddress", forms.Text(address));
        call.Result.WriteAddress("EthAddress", EthAddress.OfId(id));
        call.Result.WriteEndObject();

        ActorId Put(StateTree tree)
        {
            Cid cid = Cid.Blake2b256(Multicodec.Raw, code);
            tree.Store.Put(cid, code);
            ActorId made = tree.RegisterNewAddress(address);
            tree.SetActor(made, ActorState.NewEmpty(cid, delegatedAddress: null));
            return made;
        }
    }
}
