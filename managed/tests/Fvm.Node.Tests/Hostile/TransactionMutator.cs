using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Makes transactions of Ethereum and messages of Filecoin with strange fields, lengths and signatures.</summary>
/// <param name="chain">The chain that they are for.</param>
/// <param name="contract">A contract that they may call.</param>
/// <param name="random">The source of choices.</param>
internal sealed class TransactionMutator(LocalChain chain, EthAddress contract, Random random)
{
    private const int Fields = 12;

    private static readonly MethodNumber[] Methods =
        [new(0), new(1), new(2), new(3), new(4), new(6), new(16), EthTransaction.InvokeContract, new(ulong.MaxValue)];

    /// <summary>A request that sends one.</summary>
    public (string Method, string Parameters) Next() => random.Next(3) switch
    {
        0 => ("eth_sendRawTransaction", $"[\"0x{Convert.ToHexStringLower(Signed())}\"]"),
        1 => ("eth_sendRawTransaction", $"[\"0x{Convert.ToHexStringLower(Items())}\"]"),
        _ => Native(),
    };

    // Fields of the right kinds, and a signature that is mostly right.
    private byte[] Signed()
    {
        EthTransaction transaction = new()
        {
            Kind = (EthTransactionKind)random.Next(3),
            ChainId = random.Next(10) == 0 ? 1 : chain.ChainId,
            Nonce = random.Next(3) == 0 ? chain.PendingNonceOf(TestChain.First) : Number(),
            To = random.Next(4) switch { 0 => null, 1 => contract, 2 => TestChain.Accounts[1].EthAddress, _ => new EthAddress(Bytes(20)) },
            Value = TokenAmount.FromAtto(Amount()),
            Input = Bytes(random.Next(4) == 0 ? random.Next(3_000) : random.Next(70)),
            GasLimit = random.Next(3) == 0 ? TestChain.Plenty : Number(),
            MaxFeePerGas = TokenAmount.FromAtto(random.Next(2) == 0 ? 1_000_000_000 : Amount()),
            MaxPriorityFeePerGas = TokenAmount.FromAtto(random.Next(2) == 0 ? 100_000 : Amount()),
        };
        transaction = transaction.Kind == EthTransactionKind.DynamicFee
            ? transaction
            : transaction with { MaxPriorityFeePerGas = transaction.MaxFeePerGas };
        transaction = transaction.Sign(TestChain.Accounts[0]);
        byte[] encoded = (random.Next(6) switch
        {
            0 => transaction with { R = Amount() },
            1 => transaction with { S = Amount() },
            2 => transaction with { V = Number() },
            _ => transaction,
        }).EncodeSigned();
        return random.Next(4) == 0 ? Mutation.Of(encoded, random) : encoded;
    }

    // A list of the right or wrong number of items, of any lengths.
    private byte[] Items()
    {
        RlpWriter items = new();
        for (int count = random.Next(3) == 0 ? random.Next(20) : Fields; count > 0; count--)
        {
            switch (random.Next(6))
            {
                case 0:
                    items.WriteEmptyList();
                    break;
                case 1:
                    items.Write(Bytes(random.Next(70)));
                    break;
                case 2:
                    items.Write(Bytes(20));
                    break;
                default:
                    items.Write(Number());
                    break;
            }
        }

        byte[] list = random.Next(2) == 0 ? items.ToList() : items.ToList((byte)random.Next(6));
        return random.Next(3) == 0 ? Mutation.Of(list, random) : list;
    }

    private (string Method, string Parameters) Native()
    {
        AccountKey key = TestChain.Natives[random.Next(TestChain.Natives.Count)];
        byte[] parameters = random.Next(2) == 0 ? [] : Mutation.Of([0x82, 0x42, 0, 1, 0x58, 4, 1, 2, 3, 4, 0xd8, 0x2a, 0x41, 0], random);
        Message message = new()
        {
            Version = random.Next(20) == 0 ? Number() : 0,
            From = key.Address,
            To = random.Next(5) switch
            {
                0 => contract.ToFilecoin(),
                1 => Address.NewId((ulong)random.Next(100)),
                2 => Address.NewId(BundleGenesisMiner),
                3 => Address.NewActor(Bytes(20)),
                _ => TestChain.Natives[0].Address,
            },
            Sequence = random.Next(4) == 0 ? Number() : chain.PendingNonceOf(key.Address),
            Value = TokenAmount.FromAtto(Amount()),
            GasLimit = random.Next(3) == 0 ? Number() : TestChain.Plenty,
            GasFeeCap = TokenAmount.FromAtto(random.Next(3) == 0 ? Amount() : 1_000_000_000),
            GasPremium = TokenAmount.FromAtto(random.Next(3) == 0 ? Amount() : 100_000),
            Method = Methods[random.Next(Methods.Length)],
            Params = parameters,
        };
        string method = random.Next(3) switch { 0 => "Filecoin.StateCall", 1 => "Filecoin.GasEstimateMessageGas", _ => "Filecoin.MpoolPush" };
        return (method, method == "Filecoin.MpoolPush" ? $"[{SignedJson(message, key)}]" : $"[{Json(message)},null,[]]");
    }

    private string SignedJson(Message message, AccountKey key)
    {
        ChainSignature signature = new(ChainSignatureKind.Secp256k1, Bytes(65));
        if (random.Next(5) > 0 && message.Sequence < long.MaxValue && message.GasLimit < long.MaxValue)
        {
            signature = key.Sign(message, chain.ChainId);
        }

        byte[] data = random.Next(6) == 0 ? Mutation.Of(signature.Data.Span, random) : signature.Data.ToArray();
        return $$$"""{"Message":{{{Json(message)}}},"Signature":{"Type":{{{(int)signature.Kind}}},"Data":"{{{Convert.ToBase64String(data)}}}"}}""";
    }

    private static string Json(Message message)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            new LotusForms(AddressNetwork.Testnet).WriteMessage(writer, message, Cid.Blake2b256(Multicodec.DagCbor, []));
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static ulong BundleGenesisMiner => 1_000;

    private ulong Number() => random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => long.MaxValue,
        3 => 1UL << random.Next(64),
        4 => LocalChain.BlockGasLimit + (ulong)random.Next(2),
        _ => (ulong)random.Next(10),
    };

    private BigInteger Amount() => random.Next(5) switch
    {
        0 => BigInteger.Zero,
        1 => (BigInteger.One << random.Next(256)) - random.Next(2),
        2 => BigInteger.Parse("2000000000000000000000000001", CultureInfo.InvariantCulture),
        3 => new BigInteger(Bytes(32), isUnsigned: true),
        _ => random.Next(1_000),
    };

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
