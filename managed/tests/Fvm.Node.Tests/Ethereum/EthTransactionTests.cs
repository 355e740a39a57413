using System.Numerics;
using Fvm.Chain;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

public sealed class EthTransactionTests
{
    private const ulong Devnet = 31_415_926;
    private const string First = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    // Signed by ethers 6.17.0 with the key of the first test account.
    private const string Call = "02f8778401df5e7607830186a0831e848083bc614e9470997970c51812dc3a010c7d01b50e0d17dc79c8880de0b6b3a7640000821234c001a0"
        + "f960f28675629efd21f9365179deb4a6540b7b01f461424ad2b5f5937212bbdfa00311bb3ed9afdeeee663f721a3dadf66be137abe1d8273757fb6625129e58a1e";

    private const string Creation = "02f8a08401df5e7607830186a0831e848083bc614e8080b84660606060606060606060606060606060606060606060606060606060606060606060"
        + "606060606060606060606060606060606060606060606060606060606060606060606060c001a048ee884cefd712cb7407664efd633b29b2231a0517ba5bbc0e97"
        + "1cc7034a4466a056145fc491d637fc8ef6999ff65b71aca6a468a82fd7ed3aa8d734f7c998ed25";

    private const string Protected = "f86780831e848083bc614e94ff0000000000000000000000000000000000006401808403bebd0fa0f675e1300ee9d6c61c6806b2920dd5b1a6"
        + "cb9b300242961b6fbcef41892eb394a059d68ecc464cf7edfbfb70ecfd42fff7b6be6da31df79ef004500248f1502043";

    // EIP-155's own example.
    private const string Example155 = "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe"
        + "537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

    // The transaction that creates the deterministic deployer on every chain.
    private const string Deployer = "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffff"
        + "ffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba022222222222222222222222222222222222222222222"
        + "22222222222222222222a02222222222222222222222222222222222222222222222222222222222222222";

    [TestCase(Call, Devnet, First, "0x91aa81a137d5d6598d7441526c29381cc584a81a5c9233f621791c0f9edc12a1")]
    [TestCase(Creation, Devnet, First, "0x9710d35f4b8b10afe1ed9579469c2e61f649b9384d2692df1a87363a0794753b")]
    [TestCase(Protected, Devnet, First, "0x441d8a2c9cffac33237613dc8348ecf8f0594ce9b337a68bb28c666061287289")]
    [TestCase(Example155, 1UL, "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", "0x33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788")]
    [TestCase(Deployer, Devnet, "0x3fab184622dc19b6109349b94811493bf2a45362", "0xeddf9e61fb9d8f5111840daef55e5fde0041f5702856532cdbb5a02998033d26")]
    public void A_known_transaction_has_its_known_sender_and_hash(string hex, ulong chain, string sender, string hash)
    {
        EthTransaction transaction = EthTransaction.Decode(Convert.FromHexString(hex), chain);
        Assert.That(transaction.RecoverSender().ToString(), Is.EqualTo(sender));
        Assert.That(transaction.Hash.ToString(), Is.EqualTo(hash));
        Assert.That(Convert.ToHexStringLower(transaction.EncodeSigned()), Is.EqualTo(hex));
    }

    [Test]
    public void The_fields_of_a_call_are_those_that_were_signed()
    {
        EthTransaction call = EthTransaction.Decode(Convert.FromHexString(Call), Devnet);
        Assert.That((call.Kind, call.ChainId, call.Nonce, call.GasLimit), Is.EqualTo((EthTransactionKind.DynamicFee, Devnet, 7UL, 12_345_678UL)));
        Assert.That(call.To.ToString(), Is.EqualTo("0x70997970c51812dc3a010c7d01b50e0d17dc79c8"));
        Assert.That((call.MaxFeePerGas, call.MaxPriorityFeePerGas), Is.EqualTo((TokenAmount.FromAtto(2_000_000L), TokenAmount.FromAtto(100_000L))));
        Assert.That((call.Value, Convert.ToHexStringLower(call.Input.Span)), Is.EqualTo((TokenAmount.FromWhole(1), "1234")));
    }

    // The signature and the parameters have the forms that Filecoin's consensus defines.
    [TestCase(Call, 3_844_450_837UL, "421234", 65)]
    [TestCase(Creation, 4UL, "5846", 65)]
    [TestCase(Protected, 3_844_450_837UL, "", 69)]
    [TestCase(Deployer, 4UL, "5853", 66)]
    public void A_transaction_is_a_message_and_the_message_the_transaction(string hex, ulong method, string parameters, int signatureLength)
    {
        EthTransaction transaction = EthTransaction.Decode(Convert.FromHexString(hex), Devnet);
        EthAddress sender = transaction.RecoverSender();
        Message message = transaction.ToMessage(sender);
        ChainSignature signature = transaction.ToSignature();
        Assert.That((message.Method.Value, message.From), Is.EqualTo((method, sender.ToFilecoin())));
        Assert.That(Convert.ToHexStringLower(message.Params.Span), Does.StartWith(parameters));
        Assert.That(message.Params.Length == 0, Is.EqualTo(parameters.Length == 0));
        Assert.That((signature.Kind, signature.Data.Length), Is.EqualTo((ChainSignatureKind.Delegated, signatureLength)));

        EthTransaction back = EthTransaction.FromMessage(Message.Decode(message.Encode()), signature, Devnet);
        Assert.That(Convert.ToHexStringLower(back.EncodeSigned()), Is.EqualTo(hex));
    }

    [Test]
    public void A_call_without_receiver_goes_to_the_EAM_and_a_masked_receiver_is_its_actor()
    {
        Assert.That(MessageOf(Creation).To, Is.EqualTo(Address.NewId(10)));
        Assert.That(MessageOf(Protected).To, Is.EqualTo(Address.NewId(100)));
        Assert.That(MessageOf(Call).To.ToString(), Does.StartWith("f410f"));
    }

    [TestCase(Call, 314UL, "invalid chain id for signer: have 31415926 want 314")]
    [TestCase(Protected, 314UL, "invalid chain id for signer: have 31415926 want 314")]
    [TestCase("", Devnet, "empty")]
    [TestCase("01c0", Devnet, "EIP-2930")]
    [TestCase("03c0", Devnet, "EIP-4844")]
    [TestCase("04c0", Devnet, "EIP-7702")]
    [TestCase("05c0", Devnet, "not with 0x05")]
    [TestCase("02c0", Devnet, "12 fields")]
    [TestCase("c0", Devnet, "9 fields")]
    public void Other_bytes_are_refused_with_their_reason(string hex, ulong chain, string reason)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.That(Assert.Throws<EthereumException>(() => EthTransaction.Decode(bytes, chain))!.Message, Does.Contain(reason));
    }

    [Test]
    public void An_access_list_is_refused()
    {
        RlpWriter fields = new();
        foreach (ulong field in (ulong[])[Devnet, 0, 0, 0, 0])
        {
            fields.Write(field);
        }

        fields.Write([]);
        fields.Write(0UL);
        fields.Write([]);
        byte[] inner = fields.ToList();
        byte[] bytes = [2, (byte)(inner[0] + 1 + 1 + 3), .. inner[1..], 0xc1, 0xc0, 0x80, 1, 1];
        Assert.That(Assert.Throws<EthereumException>(() => EthTransaction.Decode(bytes, Devnet))!.Message, Does.Contain("access list"));
    }

    [Test]
    public void Messages_of_other_forms_are_no_transactions()
    {
        EthTransaction call = EthTransaction.Decode(Convert.FromHexString(Call), Devnet);
        Message message = call.ToMessage(call.RecoverSender());
        ChainSignature signature = call.ToSignature();
        AssertRefused(message with { Version = 1 }, signature, "version");
        AssertRefused(message with { Method = new MethodNumber(0) }, signature, "method 0");
        AssertRefused(message with { To = Address.NewId(10) }, signature, "EAM");
        AssertRefused(message with { Params = new byte[] { 0x40 } }, signature, "not empty ones");
        AssertRefused(message with { Params = new byte[] { 0x41, 1, 2 } }, signature, "parameters");
        AssertRefused(message with { Params = new byte[] { 0x58, 1, 2 } }, signature, "parameters");
        AssertRefused(message, signature with { Kind = ChainSignatureKind.Secp256k1 }, "delegated");
        AssertRefused(message, signature with { Data = signature.Data[1..] }, "64 bytes");
        AssertRefused(message, new ChainSignature(ChainSignatureKind.Delegated, (byte[])[1, .. new byte[64], 29]), "v 29");
        AssertRefused(message, new ChainSignature(ChainSignatureKind.Delegated, (byte[])[1, .. new byte[64], 27]), "one gas price");
        AssertRefused(message, new ChainSignature(ChainSignatureKind.Delegated, (byte[])[2, .. new byte[64], 1, 1]), "v 257");

        static void AssertRefused(Message message, ChainSignature signature, string reason) => Assert.That(
            Assert.Throws<EthereumException>(() => EthTransaction.FromMessage(message, signature, Devnet))!.Message, Does.Contain(reason));
    }

    [Test]
    public void What_a_key_signs_is_recovered_as_its_address([Range(0, 2)] int kindNumber, [Range(0, 20)] int seed)
    {
        EthTransactionKind kind = (EthTransactionKind)kindNumber;
        Random random = new(seed);
        EthKey key = NewKey(random);
        TokenAmount price = TokenAmount.FromAtto(new BigInteger(Bytes(random, random.Next(13)), isUnsigned: true));
        ulong chain = (ulong)random.NextInt64(1, long.MaxValue - 100);
        EthTransaction signed = new EthTransaction
        {
            Kind = kind,
            ChainId = chain,
            Nonce = (ulong)random.NextInt64(),
            To = random.Next(3) == 0 ? null : new EthAddress(Bytes(random, 20)),
            Value = TokenAmount.FromAtto(new BigInteger(Bytes(random, random.Next(33)), isUnsigned: true)),
            Input = Bytes(random, random.Next(200)),
            GasLimit = (ulong)random.NextInt64(),
            MaxFeePerGas = price,
            MaxPriorityFeePerGas = kind == EthTransactionKind.DynamicFee ? TokenAmount.FromAtto((long)random.Next()) : price,
        }.Sign(key);
        EthTransaction decoded = EthTransaction.Decode(signed.EncodeSigned(), chain);
        Assert.That(decoded.RecoverSender(), Is.EqualTo(key.EthAddress));
        Assert.That(decoded.Hash, Is.EqualTo(signed.Hash));
        Assert.That(decoded.Kind, Is.EqualTo(kind));
        EthTransaction back = EthTransaction.FromMessage(decoded.ToMessage(key.EthAddress), decoded.ToSignature(), chain);
        Assert.That(back.Hash, Is.EqualTo(signed.Hash));
    }

    // A part of the cases; FVM_FUZZ_CASES chooses how many.
    [Test]
    public void Fuzz_mutated_transactions_are_refused_or_canonical()
    {
        int cases = int.TryParse(Environment.GetEnvironmentVariable("FVM_FUZZ_CASES"), out int chosen) ? chosen : 3_000;
        byte[][] originals = [.. ((string[])[Call, Creation, Protected, Deployer]).Select(Convert.FromHexString)];
        Random random = new(1);
        int accepted = 0;
        for (int i = 0; i < cases; i++)
        {
            byte[] bytes = Mutation.Of(originals[random.Next(originals.Length)], random);
            try
            {
                EthTransaction transaction = EthTransaction.Decode(bytes, Devnet);
                Assert.That(transaction.EncodeSigned(), Is.EqualTo(bytes), "what is accepted has one encoding");
                accepted++;
                EthAddress sender = transaction.RecoverSender();
                EthTransaction back = EthTransaction.FromMessage(transaction.ToMessage(sender), transaction.ToSignature(), Devnet);
                Assert.That(back.EncodeSigned(), Is.EqualTo(bytes));
            }
            catch (EthereumException e)
            {
                Assert.That(e.Message, Does.Not.Contain("\n"));
            }
        }

        Assert.That(accepted, Is.Positive, "some mutations leave a transaction");
    }

    private static Message MessageOf(string hex)
    {
        EthTransaction transaction = EthTransaction.Decode(Convert.FromHexString(hex), Devnet);
        return transaction.ToMessage(transaction.RecoverSender());
    }

    private static EthKey NewKey(Random random) => EthKey.TryCreate(Bytes(random, EthKey.Length), out EthKey? key) ? key : NewKey(random);

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
