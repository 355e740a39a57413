using System.Numerics;
using Fvm.Actors;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>Writes random messages to the actors of a state.</summary>
/// <param name="random">Decides.</param>
/// <param name="state">The state.</param>
/// <param name="epoch">The epoch of the messages.</param>
internal sealed class MessageGenerator(FuzzRandom random, FuzzState state, long epoch)
{
    private const ulong GasOfBlock = 10_000_000_000;
    private const ulong GasOfMost = 300_000_000;
    private const int Strays = 40;
    private const ulong CreateExternal = 4;

    private readonly ValueSource _values = new(random, state, epoch, Strays);

    /// <summary>A message; null if the state has nobody to send one.</summary>
    public VectorMessage? Next()
    {
        if (state.Actors.Count == 0)
        {
            return null;
        }

        bool isImplicit = state.Senders.Count == 0 || random.OneIn(3);
        KnownActor from = isImplicit || random.OneIn(50) ? random.Pick(state.Actors) : random.Pick(state.Senders);
        KnownActor to = random.OneIn(3) && Contracts() is { Count: > 0 } contracts ? random.Pick(contracts) : random.Pick(state.Actors);
        (MethodNumber method, byte[] parameters) = Invocation(ref to);
        bool strays = random.OneIn(20);
        Address receiver = strays ? _values.AnyAddress() : to.Key is Address key && random.OneIn(3) ? key : Address.NewId(to.Id);
        Message message = new()
        {
            Version = random.OneIn(100) ? random.Integer() : 0,
            From = from.Key is Address own && random.OneIn(2) ? own : Address.NewId(from.Id),
            To = receiver,
            Sequence = from.State.Sequence,
            Value = Value(from),
            Method = method,
            Params = parameters,
            GasLimit = GasLimit(mayLoop: strays || to.Name != "account"),
            GasFeeCap = Price(),
            GasPremium = Price(),
        };
        return Encode(message, isImplicit, random.OneIn(30) ? random.Below(5_000) : null);
    }

    /// <summary>Encodes a message; null if an amount is too large for it.</summary>
    public static VectorMessage? Encode(Message message, bool isImplicit, int? rawLength)
    {
        try
        {
            return new VectorMessage(message.Encode(), isImplicit, rawLength);
        }
        catch (MessageException)
        {
            return null;
        }
    }

    /// <summary>Parameters with some bytes changed.</summary>
    public byte[] Mutated(ReadOnlyMemory<byte> parameters)
    {
        List<byte> bytes = [.. parameters.Span];
        int changes = 1 + random.Below(3);
        for (int change = 0; change < changes; change++)
        {
            int at = bytes.Count == 0 ? 0 : random.Below(bytes.Count);
            switch (random.Below(5))
            {
                case 0 when bytes.Count > 0:
                    bytes[at] ^= (byte)(1 << random.Below(8));
                    break;
                case 1 when bytes.Count > 0:
                    bytes[at] = (byte)random.Integer();
                    break;
                case 2 when bytes.Count > 0:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Below(8)));
                    break;
                case 3:
                    bytes.InsertRange(at, _values.Bytes());
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + random.Below(16))));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>
    /// A gas limit: enough, a block's, or few. Never zero or beyond 2^63 - 1: the machine refuses such a message without a receipt, and a command
    /// then prints nothing for the input, so that its batch has to be repeated. Rarely more than most methods need, because a loop uses all of it.
    /// </summary>
    /// <param name="mayLoop">Whether the message runs code of which nobody knows how long it runs.</param>
    public ulong GasLimit(bool mayLoop = true) => random.Below(64) switch
    {
        < 4 when !mayLoop => Math.Clamp(random.Integer(), 1, long.MaxValue),
        < 4 => 1 + (ulong)random.Below(5_000),
        < 8 => 1 + (ulong)random.Below(5_000_000),
        < 12 => 1 + (ulong)random.Below(60_000_000),
        12 => GasOfBlock,
        13 => GasOfBlock / 4,
        _ => GasOfMost,
    };

    /// <summary>A value: none, little, all that the sender has, or more.</summary>
    public TokenAmount Value(KnownActor from) => random.Below(12) switch
    {
        0 => from.State.Balance,
        1 => from.State.Balance + TokenAmount.FromAtto(1L),
        2 => TokenAmount.FromWhole(1 + random.Below(2_000)),
        3 => TokenAmount.FromAtto(random.Integer()),
        4 => random.OneIn(8) ? TokenAmount.FromAtto(-(BigInteger)random.Integer()) : TokenAmount.FromAtto(1L),
        _ => TokenAmount.Zero,
    };

    private TokenAmount Price() => random.Below(6) switch
    {
        0 => TokenAmount.Zero,
        1 => TokenAmount.FromAtto((ulong)random.Below(300)),
        2 => TokenAmount.FromAtto(random.Integer()),
        _ => TokenAmount.FromAtto(100_000L),
    };

    // Actors that run code of users: contracts, and those that no manifest names.
    private List<KnownActor> Contracts() => [.. state.Actors.Where(static actor => actor.Name is null or "evm")];

    private (MethodNumber Method, byte[] Parameters) Invocation(ref KnownActor to)
    {
        int version = state.ActorsVersion;
        if (random.OneIn(8))
        {
            return (MethodNumber.Send, random.OneIn(3) ? _values.Bytes() : []);
        }

        if (random.OneIn(10) && state.Actors.FirstOrDefault(static actor => actor.Name == "eam") is KnownActor manager)
        {
            to = manager;
            return (new MethodNumber(CreateExternal), Bytes(EvmProgram.Initcode(random, _values)));
        }

        if (random.OneIn(12) && state.Actors.FirstOrDefault(static actor => actor.Name == "init") is KnownActor init && state.Manifest is not null)
        {
            to = init;
            return (new MethodNumber(2), Execution(version));
        }

        IReadOnlyList<ActorMethod> methods = to.Name is string name ? BuiltinActors.Table.MethodsOf(name, version) : [];
        if (methods.Count == 0 || random.OneIn(40))
        {
            MethodNumber number = new(random.OneIn(4) ? random.Integer() : (ulong)(1 + random.Below(8)));
            return (number, random.OneIn(2) ? Bytes(_values.Bytes()) : _values.Bytes());
        }

        ActorMethod method = to.Name == "evm" ? random.Pick(methods.Where(static row => row.Name is "InvokeContract" or "GetStorageAt").ToArray())
            : random.Pick(methods);
        return (method.Number, method.GenerateParameters(_values));
    }

    // The creation of an actor by the init actor: its code, and parameters of its constructor.
    private byte[] Execution(int version)
    {
        Cid code = random.Pick(state.Codes);
        string? name = state.Manifest?.NameOf(code);
        byte[] parameters = name is not null && BuiltinActors.Table.FindMethod(name, version, MethodNumber.Constructor) is ActorMethod constructor
            ? constructor.GenerateParameters(_values)
            : _values.Bytes();
        CborWriter writer = new();
        writer.WriteArrayHeader(2);
        writer.WriteCid(code);
        writer.WriteBytes(parameters);
        return writer.ToArray();
    }

    private static byte[] Bytes(byte[] content)
    {
        CborWriter writer = new();
        writer.WriteBytes(content);
        return writer.ToArray();
    }
}
