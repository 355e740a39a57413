using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// A chain message without its signature. In CBOR a list of ten: version, to, from, sequence, value, gas limit, fee cap, premium, method,
/// parameters (reference: <c>shared/src/message.rs</c>).
/// </summary>
public sealed record Message
{
    private const int FieldCount = 10;

    /// <summary>Zero on the chain; never checked.</summary>
    public ulong Version { get; init; }

    public required Address From { get; init; }

    public required Address To { get; init; }

    /// <summary>The nonce: the number of messages the sender has sent before.</summary>
    public ulong Sequence { get; init; }

    public TokenAmount Value { get; init; }

    public MethodNumber Method { get; init; }

    /// <summary>The parameters; the machine treats them as CBOR.</summary>
    public ReadOnlyMemory<byte> Params { get; init; }

    /// <summary>Whole gas.</summary>
    public ulong GasLimit { get; init; }

    /// <summary>The maximum price per unit of gas, base fee plus premium; in attoFIL.</summary>
    public TokenAmount GasFeeCap { get; init; }

    /// <summary>The premium offered to the block's miner per unit of gas; in attoFIL.</summary>
    public TokenAmount GasPremium { get; init; }

    /// <summary>Decodes a message, which must span all of <paramref name="bytes"/>.</summary>
    /// <exception cref="MessageException">The bytes are not a message.</exception>
    public static Message Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            CborReader reader = new(bytes);
            reader.ReadArrayHeader(FieldCount);
            ulong version = reader.ReadUInt();
            Address to = CborFields.ReadAddress(ref reader);
            Address from = CborFields.ReadAddress(ref reader);
            ulong sequence = reader.ReadUInt();
            TokenAmount value = CborFields.ReadAmount(ref reader);
            ulong gasLimit = reader.ReadUInt();
            TokenAmount gasFeeCap = CborFields.ReadAmount(ref reader);
            TokenAmount gasPremium = CborFields.ReadAmount(ref reader);
            MethodNumber method = new(reader.ReadUInt());
            byte[] parameters = reader.ReadBytes().ToArray();
            reader.EnsureEnd();
            return new Message
            {
                Version = version,
                To = to,
                From = from,
                Sequence = sequence,
                Value = value,
                GasLimit = gasLimit,
                GasFeeCap = gasFeeCap,
                GasPremium = gasPremium,
                Method = method,
                Params = parameters,
            };
        }
        catch (CborException e)
        {
            throw new MessageException($"the message does not decode: {e.Message}", e);
        }
    }

    /// <summary>The message in CBOR.</summary>
    /// <exception cref="MessageException">An amount is too large to be encoded.</exception>
    public byte[] Encode()
    {
        try
        {
            CborWriter writer = new(128 + Params.Length);
            writer.WriteArrayHeader(FieldCount);
            writer.WriteUInt(Version);
            CborFields.WriteAddress(writer, To);
            CborFields.WriteAddress(writer, From);
            writer.WriteUInt(Sequence);
            CborFields.WriteAmount(writer, Value);
            writer.WriteUInt(GasLimit);
            CborFields.WriteAmount(writer, GasFeeCap);
            CborFields.WriteAmount(writer, GasPremium);
            writer.WriteUInt(Method.Value);
            writer.WriteBytes(Params.Span);
            return writer.ToArray();
        }
        catch (OverflowException e)
        {
            throw new MessageException(e.Message, e);
        }
    }

    /// <summary>Whether the gas limit is valid: neither zero nor above 2^63-1.</summary>
    /// <param name="reason">The reference's error text.</param>
    public bool HasValidGasLimit(out string? reason)
    {
        reason = GasLimit switch
        {
            0 => "Message has no gas limit set",
            > long.MaxValue => "Message gas exceeds i64 max",
            _ => null,
        };
        return reason is null;
    }
}
