// What a vector that is to be recorded does.
using Fvm.Ipld.Car;

namespace Fvm.Vectors;

/// <summary>
/// Reads the JSON from which a vector is recorded: <c>id</c>, <c>desc</c>, <c>nv</c>, <c>epoch</c>, and optionally <c>base_fee</c>,
/// <c>actor_debugging</c>; and <c>messages</c>, a list of <c>{from, to, method, params, value, gas_limit, fee_cap, premium, nonce,
/// implicit}</c> of which only the first two are required. Params are hexadecimal, values in FIL, fees in attoFIL; a nonce that is not
/// given goes on from the sender's last.
/// </summary>
public static class RecordingSpec
{
    private const ulong DefaultGasLimit = 1_000_000_000;
    private const string DefaultFeeCap = "1000";
    private const string DefaultPremium = "10";
    private const ulong SecondsPerEpoch = 30;

    /// <summary>Makes the vector, without results.</summary>
    /// <param name="json">The specification.</param>
    /// <param name="car">The CAR file of the state that the messages run on; its one root is the state's.</param>
    /// <exception cref="InputException">A field is missing or is not what it must be.</exception>
    public static Vector Read(ReadOnlyMemory<byte> json, byte[] car)
    {
        CarBlockstore state = CarBlocks.Read(car, "car");
        return JsonText.Read(json, root => Read(root, car, state));
    }

    private static Vector Read(JsonFields root, byte[] car, CarBlockstore state)
    {
        Dictionary<Address, ulong> nonces = [];
        uint version = root.SmallNumber("nv");
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

    private static VectorMessage ReadMessage(JsonFields fields, Dictionary<Address, ulong> nonces)
    {
        Address from = ReadAddress(fields, "from");
        bool isImplicit = fields.Flag("implicit", otherwise: false);
        ulong nonce = fields.Optional("nonce") is null ? nonces.GetValueOrDefault(from) : fields.Number("nonce");
        if (!isImplicit && fields.Optional("nonce") is null)
        {
            nonces[from] = nonce + 1;
        }

        Message message = new()
        {
            From = from,
            To = ReadAddress(fields, "to"),
            Sequence = nonce,
            Method = new MethodNumber(fields.Optional("method") is null ? 0 : fields.Number("method")),
            Params = ReadParams(fields),
            Value = ReadFil(fields, "value"),
            GasLimit = fields.Optional("gas_limit") is null ? DefaultGasLimit : fields.Number("gas_limit"),
            GasFeeCap = TokenAmount.ParseAtto(fields.Optional("fee_cap") is null ? DefaultFeeCap : fields.Amount("fee_cap")),
            GasPremium = TokenAmount.ParseAtto(fields.Optional("premium") is null ? DefaultPremium : fields.Amount("premium")),
        };
        byte[] bytes = message.Encode();
        return new VectorMessage(bytes, isImplicit, RawLengths.Of(message, bytes.Length));
    }

    private static Address ReadAddress(JsonFields fields, string name)
    {
        string text = fields.Text(name);
        return Address.TryParse(text, out Address address)
            ? address
            : throw new InputException($"{fields.PathOf(name)}: '{text}' is no address");
    }

    private static byte[] ReadParams(JsonFields fields)
    {
        if (fields.Optional("params") is null)
        {
            return [];
        }

        try
        {
            return Convert.FromHexString(fields.Text("params"));
        }
        catch (FormatException exception)
        {
            throw new InputException($"{fields.PathOf("params")} is not hexadecimal", exception);
        }
    }

    private static TokenAmount ReadFil(JsonFields fields, string name)
    {
        if (fields.Optional(name) is null)
        {
            return TokenAmount.Zero;
        }

        string text = fields.Text(name);
        return TokenAmount.TryParseFil(text, out TokenAmount amount)
            ? amount
            : throw new InputException($"{fields.PathOf(name)}: '{text}' is no amount in FIL");
    }
}
