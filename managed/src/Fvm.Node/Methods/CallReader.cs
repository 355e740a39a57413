using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Reads calls and overrides from parameters.</summary>
internal static class CallReader
{
    private const int MaxOverrides = 1_000;
    private const int MaxWords = 10_000;

    /// <summary>A call or an incomplete transaction.</summary>
    /// <exception cref="RpcException">It is malformed.</exception>
    public static CallRequest Read(RpcValue value)
    {
        RpcValue input = value["input"];
        RpcValue data = value["data"];
        byte[]? first = input.IsMissing ? null : input.Bytes();
        byte[]? second = data.IsMissing ? null : data.Bytes();
        if (first is not null && second is not null && !first.AsSpan().SequenceEqual(second))
        {
            throw RpcException.InvalidParams($"{value.Place}: data and input differ: give one of them");
        }

        if (value["accessList"] is { IsMissing: false } list && list.Items(limit: 1).Length > 0)
        {
            throw RpcException.InvalidParams($"{value.Place}: access lists are not supported: leave it empty");
        }

        foreach (string name in (ReadOnlySpan<string>)["blobVersionedHashes", "authorizationList"])
        {
            if (value[name] is { IsMissing: false } unsupported && unsupported.Items(limit: 1).Length > 0)
            {
                throw RpcException.InvalidParams($"{unsupported.Place}: Filecoin has no such transactions: leave it out");
            }
        }

        return new CallRequest
        {
            From = value["from"] is { IsMissing: false } from ? from.EthAddress() : null,
            To = value["to"] is { IsMissing: false } to ? to.EthAddress() : null,
            Value = Amount(value["value"]) ?? TokenAmount.Zero,
            Input = first ?? second ?? [],
            Gas = value["gas"] is { IsMissing: false } gas ? gas.Number() : null,
            Nonce = value["nonce"] is { IsMissing: false } nonce ? nonce.Number() : null,
            GasPrice = Amount(value["gasPrice"]),
            MaxFeePerGas = Amount(value["maxFeePerGas"]),
            MaxPriorityFeePerGas = Amount(value["maxPriorityFeePerGas"]),
        };
    }

    /// <summary>State overrides: an object by addresses; none if it is missing.</summary>
    /// <exception cref="RpcException">It is malformed.</exception>
    public static IReadOnlyList<AccountOverride> ReadOverrides(RpcValue value)
    {
        if (value.IsMissing)
        {
            return [];
        }

        List<AccountOverride> overrides = [];
        HashSet<EthAddress> moved = [];
        foreach ((string name, RpcValue account) in value.Members())
        {
            if (overrides.Count == MaxOverrides)
            {
                throw new RpcException(RpcErrorCode.LimitExceeded, $"{value.Place}: at most {MaxOverrides} accounts");
            }

            if (!EthAddress.TryParse(name, out EthAddress address))
            {
                throw RpcException.InvalidParams($"{value.Place}: '{PrintableText.Of(name)}' is not an address");
            }

            RpcValue state = account["state"];
            RpcValue difference = account["stateDiff"];
            if (!state.IsMissing && !difference.IsMissing)
            {
                throw RpcException.InvalidParams($"{account.Place}: has both state and stateDiff: give one of them");
            }

            if (account["movePrecompileToAddress"] is { IsMissing: false } target)
            {
                NoteMove(target, address, moved);
            }

            overrides.Add(new AccountOverride(
                address,
                Amount(account["balance"]),
                account["nonce"] is { IsMissing: false } nonce ? nonce.Number() : null,
                account["code"] is { IsMissing: false } code ? code.Bytes() : null,
                ReadWords(state.IsMissing ? difference : state),
                ClearsStorage: !state.IsMissing));
        }

        return moved.Count == 0
            ? overrides
            : throw RpcException.InvalidParams(
                $"{value.Place}: movePrecompileToAddress is not supported: precompiles are part of the EVM actor's code, and stay where they are");
    }

    private static void NoteMove(RpcValue target, EthAddress from, HashSet<EthAddress> moved)
    {
        EthAddress to = target.EthAddress();
        if (to == from)
        {
            throw new RpcException(RpcErrorCode.PrecompileMovedToItself, $"{target.Place}: {from} is moved to itself");
        }

        if (!moved.Add(to))
        {
            throw new RpcException(RpcErrorCode.PrecompilesMovedToOne, $"{target.Place}: another precompile is moved to {to}, too");
        }
    }

    private static List<(EthHash Slot, EthHash Value)> ReadWords(RpcValue words)
    {
        List<(EthHash, EthHash)> read = [];
        foreach ((string name, RpcValue word) in words.IsMissing ? [] : words.Members())
        {
            if (read.Count == MaxWords)
            {
                throw new RpcException(RpcErrorCode.LimitExceeded, $"{words.Place}: at most {MaxWords} words");
            }

            read.Add(EthHash.TryParse(name, out EthHash slot)
                ? (slot, word.Word())
                : throw RpcException.InvalidParams($"{words.Place}: '{PrintableText.Of(name)}' is not a slot: expected 0x and 64 digits"));
        }

        return read;
    }

    private static TokenAmount? Amount(RpcValue value) => value.IsMissing ? null : value.Amount();
}
