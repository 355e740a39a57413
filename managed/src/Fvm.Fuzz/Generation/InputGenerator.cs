using System.Globalization;
using Fvm.Diff;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>Makes the inputs of a batch: new sequences of messages, and variants of those that were interesting.</summary>
/// <param name="states">The states to start from.</param>
/// <param name="corpus">Inputs that were interesting.</param>
/// <param name="networkVersions">Network versions to run at besides that of the state; empty for none.</param>
internal sealed class InputGenerator(IReadOnlyList<FuzzState> states, IReadOnlyList<FuzzInput> corpus, IReadOnlyList<uint> networkVersions)
{
    private const int MaxMessages = 10;
    private const int LongSequence = 30;
    private const ulong FirstUserActor = 50_000;
    private const int Milli = 1_000;
    private const int FailingHost = 24;
    private const int MostCalls = 60;
    private const int UsesOfActors = 4;

    // Each machine compiles each new actor, which takes longer than most messages.
    private readonly List<FuzzState> _withActors = [];

    /// <summary>Makes one input.</summary>
    public FuzzInput Make(FuzzRandom random, string id) =>
        corpus.Count > 0 && random.OneIn(2) ? Vary(random, random.Pick(corpus), id) : Invent(random, id);

    private FuzzInput Invent(FuzzRandom random, string id)
    {
        FuzzState state = random.Pick(states);
        long epoch = random.Below(4) switch { 0 => random.Below(1_000), 1 => 3_000_000 + random.Below(2_000_000), _ => 1_000 };
        uint version = networkVersions.Count > 0 && random.OneIn(4) ? random.Pick(networkVersions) : state.NetworkVersion;
        if (random.OneIn(3) && state.Manifest is not null)
        {
            bool makes = _withActors.Count == 0 || random.OneIn(UsesOfActors);
            state = makes ? WithUserActors(random, state, version, epoch) : random.Pick(_withActors);
            if (makes)
            {
                _withActors.Add(state);
            }
        }

        MessageGenerator messages = new(random, state, epoch);
        int count = 1 + random.Below(random.OneIn(4) ? LongSequence : MaxMessages);
        List<VectorMessage> sequence = [];
        for (int index = 0; index < count; index++)
        {
            if (messages.Next() is VectorMessage message)
            {
                sequence.Add(message);
            }
        }

        Vector vector = new()
        {
            Name = id,
            Source = id,
            Id = id,
            Description = "a sequence of random messages",
            Bundle = state.Bundle,
            Variants = [new VectorVariant("fuzz", epoch, version)],
            PreRoot = state.Root.ToString(),
            PostRoot = string.Empty,
            BaseFee = random.Below(4) switch { 0 => "0", 1 => random.Integer().ToString(CultureInfo.InvariantCulture), _ => "100" },
            CirculatingSupply = random.OneIn(8)
                ? random.Integer().ToString(CultureInfo.InvariantCulture)
                : VectorParser.DefaultCirculatingSupply,
            ChainId = random.OneIn(8) ? random.Integer() : VectorParser.MainnetChainId,
            ActorDebugging = random.OneIn(4),
            Car = state.Car,
            Messages = Numbered(sequence, state),
            Receipts = [],
            Recorder = "fvm fuzz",
            Randomness = Randomness(random, epoch),

            // Epochs without a tipset here are where the host fails.
            HostFailures = random.OneIn(FailingHost)
                ? [new VectorHostFailure(random.Pick(VectorHostFailure.Calls), 1 + (uint)random.Below(random.OneIn(2) ? 4 : MostCalls))]
                : [],
            TipsetCids = [.. Enumerable.Range(1, random.Below(5)).Select(back => new VectorTipsetCid(epoch - back, EmptyState.Cid.ToString()))],
        };
        return new FuzzInput(VectorCase.Of(vector).Single(), state);
    }

    /// <summary>
    /// The current epoch's, which contracts ask for, and up to two of the epochs before. Each question has one answer: of two, hosts take either.
    /// </summary>
    private static VectorRandomness[] Randomness(FuzzRandom random, long epoch)
    {
        IEnumerable<(bool Beacon, long Epoch)> questions =
        [
            (false, epoch), (true, epoch),
            .. Enumerable.Range(0, random.Below(3)).Select(at => (at == 0, epoch - 1 - random.Below(3))),
        ];
        return [.. questions.Distinct().Select(question => new VectorRandomness(question.Beacon, question.Epoch, random.Bytes(32)))];
    }

    private static FuzzState WithUserActors(FuzzRandom random, FuzzState state, uint version, long epoch)
    {
        int count = 1 + random.Below(2);
        List<KnownActor> actors = [];
        List<byte[]> codes = [];
        for (ulong index = 0; index < (ulong)count; index++)
        {
            byte[] code = SyscallProgram.Module(random, new ValueSource(random, state, epoch, strays: 8), version);
            Cid cid = Cid.Blake2b256(Multicodec.Raw, code);
            ActorState entry = new() { Code = cid, State = EmptyState.Cid, Balance = TokenAmount.FromWhole(random.Below(3)) };
            actors.Add(new KnownActor(FirstUserActor + index, null, entry, null));
            codes.Add(code);
        }

        return state.With(actors, codes);
    }

    private FuzzInput Vary(FuzzRandom random, FuzzInput input, string id)
    {
        Vector vector = input.Vector;
        VectorVariant variant = input.Case.Variant;
        MessageGenerator generator = new(random, input.State, variant.Epoch);
        List<VectorMessage> messages = [.. vector.Messages];
        int changes = 1 + random.Below(3);
        for (int change = 0; change < changes && messages.Count > 0; change++)
        {
            int at = random.Below(messages.Count);
            switch (random.Below(9))
            {
                case 0 or 1 or 2 when at < input.Charges.Count && input.Charges[at].Count > 0:
                    AtCharge(random, messages, at, input.Charges[at]);
                    change = changes;
                    break;
                case 3:
                    messages.Insert(random.Below(messages.Count + 1), messages[at]);
                    break;
                case 4 when messages.Count > 1:
                    messages.RemoveAt(at);
                    break;
                case 5:
                    int other = random.Below(messages.Count);
                    (messages[at], messages[other]) = (messages[other], messages[at]);
                    break;
                case 6 when messages.Count < LongSequence && generator.Next() is VectorMessage added:
                    messages.Insert(random.Below(messages.Count + 1), added);
                    break;
                case 7 when networkVersions.Count > 0:
                    variant = variant with { NetworkVersion = random.Pick(networkVersions) };
                    break;
                default:
                    messages[at] = Changed(random, generator, messages[at]);
                    break;
            }
        }

        return input with
        {
            Case = VectorCase.Of(vector with
            {
                Name = id,
                Source = id,
                Id = id,
                Variants = [variant],
                Messages = random.OneIn(3) ? messages : Numbered(messages, input.State),
                Receipts = [],
                ApplyRets = [],
                PostRoot = string.Empty,
            }).Single(),
            Charges = [],
        };
    }

    // The limit that a charge just fits in, or one unit of gas less or more.
    private static void AtCharge(FuzzRandom random, List<VectorMessage> messages, int at, IReadOnlyList<ulong> charges)
    {
        Message message = Message.Decode(messages[at].Bytes);
        ulong gas = (random.Pick(charges) + Milli - 1) / Milli;
        ulong limit = random.Below(3) switch { 0 => Math.Max(1, gas), 1 => gas + 1, _ => Math.Max(2, gas) - 1 };
        messages[at] = MessageGenerator.Encode(message with { GasLimit = limit }, messages[at].Implicit, messages[at].RawLength) ?? messages[at];
    }

    private static VectorMessage Changed(FuzzRandom random, MessageGenerator generator, VectorMessage source)
    {
        Message message = Message.Decode(source.Bytes);
        bool isImplicit = source.Implicit;
        switch (random.Below(7))
        {
            case 0:
                message = message with { GasLimit = generator.GasLimit() };
                break;
            case 1:
                TokenAmount other = TokenAmount.FromAtto(random.Integer());
                message = message with { Value = random.OneIn(2) ? message.Value + TokenAmount.FromAtto(1L) : other };
                break;
            case 2:
                message = message with { Method = new MethodNumber(random.Integer()) };
                break;
            case 3:
                isImplicit = !isImplicit;
                break;
            case 4:
                message = message with { GasFeeCap = TokenAmount.FromAtto(random.Integer()), GasPremium = TokenAmount.FromAtto(random.Integer()) };
                break;
            default:
                message = message with { Params = generator.Mutated(message.Params) };
                break;
        }

        return MessageGenerator.Encode(message, isImplicit, source.RawLength) ?? source;
    }

    /// <summary>The messages, the explicit ones with the next numbers of their senders.</summary>
    public static VectorMessage[] Numbered(IReadOnlyList<VectorMessage> messages, FuzzState state)
    {
        ulong[] next = [.. state.Actors.Select(static actor => actor.State.Sequence)];
        VectorMessage[] numbered = new VectorMessage[messages.Count];
        for (int index = 0; index < numbered.Length; index++)
        {
            VectorMessage source = messages[index];
            Message message = Message.Decode(source.Bytes);
            int sender = source.Implicit ? -1 : state.IndexOf(message.From);
            numbered[index] = sender < 0
                ? source
                : MessageGenerator.Encode(message with { Sequence = next[sender]++ }, isImplicit: false, source.RawLength) ?? source;
        }

        return numbered;
    }
}
