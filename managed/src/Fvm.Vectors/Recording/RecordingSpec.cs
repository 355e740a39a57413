using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// Parses the JSON specification of a vector to record: <c>id</c>, <c>desc</c>, <c>nv</c>, <c>epoch</c>, and optionally <c>base_fee</c>,
/// <c>actor_debugging</c>; and <c>messages</c>, a list of <c>{from, to, method, params, value, gas_limit, fee_cap, premium, nonce,
/// implicit}</c> of which only the first two are required. Params are hexadecimal, values in FIL, fees in attoFIL; addresses are like
/// f0100, f1… or 0x…. The default nonce is the sender's in the state plus the number of its earlier explicit messages without a nonce.
/// Unknown fields are rejected.
/// </summary>
public static class RecordingSpec
{
    private const ulong DefaultGasLimit = 1_000_000_000;
    private const string DefaultFeeCap = "1000";
    private const string DefaultPremium = "10";
    private const ulong SecondsPerEpoch = 30;

    /// <summary>Creates the vector, without results.</summary>
    /// <param name="json">The specification.</param>
    /// <param name="car">The CAR file of the state that the messages run on, in the portable form (<see cref="PortableCar"/>).</param>
    /// <param name="state">The blocks of that file; its only root is the state root.</param>
    /// <exception cref="InputException">A field is missing, invalid, or unknown, or the state cannot be read.</exception>
    public static Vector Read(ReadOnlyMemory<byte> json, byte[] car, CarStore state) => JsonText.Read(json, root => Read(root, car, state));

    private static Vector Read(JsonFields root, byte[] car, CarStore state)
    {
        root.RequireOnly("id", "desc", "nv", "epoch", "base_fee", "actor_debugging", "messages");
        uint version = root.SmallNumber("nv");
        SenderNonces nonces = new(state, version);
        long epoch = root.SignedNumber("epoch");
        string id = root.Text("id");
        return new Vector
        {
            Name = id,
            Source = id,
            Id = id,
            Description = root.Optional("desc") is null ? null : root.Text("desc"),
            Variants = [new VectorVariant($"nv{version}", epoch, version)],
            PreRoot = state.Roots[0].ToString(),
            PostRoot = string.Empty,
            BaseFee = root.Optional("base_fee") is null ? VectorParser.DefaultBaseFee : root.Amount("base_fee"),
            CirculatingSupply = VectorParser.DefaultCirculatingSupply,
            ChainId = VectorParser.MainnetChainId,
            Timestamp = (ulong)epoch * SecondsPerEpoch,
            ActorDebugging = root.Flag("actor_debugging", otherwise: false),
            Car = car,
            Messages = [.. root.Objects("messages", required: true).Select(message => ReadMessage(message, nonces))],
            Receipts = [],
        };
    }

    private static VectorMessage ReadMessage(JsonFields fields, SenderNonces nonces)
    {
        fields.RequireOnly("from", "to", "method", "params", "value", "gas_limit", "fee_cap", "premium", "nonce", "implicit");
        Address from = fields.Address("from");
        bool isImplicit = fields.Flag("implicit", otherwise: false);
        ulong nonce = fields.Optional("nonce") is not null ? fields.Number("nonce") : isImplicit ? nonces.Current(from) : nonces.Next(from);
        Message message = new()
        {
            From = from,
            To = fields.Address("to"),
            Sequence = nonce,
            Method = new MethodNumber(fields.Optional("method") is null ? 0 : fields.Number("method")),
            Params = ReadParams(fields),
            Value = fields.Fil("value", mayBeNegative: true),
            GasLimit = fields.Optional("gas_limit") is null ? DefaultGasLimit : fields.Number("gas_limit"),
            GasFeeCap = TokenAmount.ParseAtto(fields.Optional("fee_cap") is null ? DefaultFeeCap : fields.Amount("fee_cap")),
            GasPremium = TokenAmount.ParseAtto(fields.Optional("premium") is null ? DefaultPremium : fields.Amount("premium")),
        };
        byte[] bytes = message.Encode();
        return new VectorMessage(bytes, isImplicit, RawLengths.Of(message, bytes.Length));
    }

    private static byte[] ReadParams(JsonFields fields)
    {
        if (fields.Optional("params") is null)
        {
            return [];
        }

        string text = fields.Text("params");
        return InputText.TryParseHex(text, out byte[] bytes) ? bytes : throw fields.Refused("params", "is not hexadecimal");
    }
}
