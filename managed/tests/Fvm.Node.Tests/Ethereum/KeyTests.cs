using System.Text;
using System.Text.Json;

namespace Fvm.Node.Tests;

public sealed class KeyTests
{
    private const string Mnemonic = "test test test test test test test test test test test junk";

    [TestCase(0, "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [TestCase(1, "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8")]
    [TestCase(9, "2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6", "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720")]
    public void Ethereum_accounts_of_the_test_mnemonic_are_those_of_anvil(int index, string key, string address)
    {
        EthKey derived = new KeyDerivation(Mnemonic).Derive($"{KeyDerivation.EthereumPath}{index}");
        Assert.That(Convert.ToHexStringLower(derived.ToBytes()), Is.EqualTo(key));
        Assert.That(derived.EthAddress.ToChecksumText(), Is.EqualTo(address));
    }

    // By iso-filecoin 7.4.7.
    [Test]
    public void Filecoin_accounts_of_the_test_mnemonic_are_those_of_other_wallets()
    {
        EthKey derived = new KeyDerivation($"  {Mnemonic.Replace(" ", "  ", StringComparison.Ordinal)} ").Derive($"{KeyDerivation.FilecoinPath}0");
        Assert.That(Convert.ToHexStringLower(derived.ToBytes()), Is.EqualTo("6b65fdf763faebfbcf9a43d5ab3dd2fb639a3d69c10df99eddc0a6eb30a99ba7"));
        Assert.That(derived.Secp256k1Address.ToString(), Is.EqualTo("f1qid3qslm4jax2jpohkdwomtidgd3x7xa7qvahea"));
    }

    // The first vector of BIP-39's reference implementation.
    [Test]
    public void A_seed_is_that_of_BIP_39()
    {
        string phrase = string.Join(' ', Enumerable.Repeat("abandon", 11)) + " about";
        byte[] seed = HmacSha512.Derive(Encoding.ASCII.GetBytes(phrase), "mnemonicTREZOR"u8, 2_048);
        Assert.That(Convert.ToHexStringLower(seed), Is.EqualTo(
            "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04"));
    }

    [TestCase(0)]
    [TestCase(20)]
    [TestCase(128)]
    [TestCase(129)]
    [TestCase(200)]
    public void A_code_by_HMAC_is_that_of_NET(int keyLength)
    {
        byte[] key = [.. Enumerable.Range(1, keyLength).Select(static i => (byte)i)];
        byte[] data = [.. Enumerable.Range(1, 300).Select(static i => (byte)(i * 3))];
        Assert.That(HmacSha512.Compute(key, data), Is.EqualTo(System.Security.Cryptography.HMACSHA512.HashData(key, data)));
    }

    [TestCase("")]
    [TestCase("44'/60'")]
    [TestCase("m/")]
    [TestCase("m/x")]
    [TestCase("m/-1")]
    [TestCase("m/2147483648")]
    [TestCase("m/0''")]
    [TestCase("m//0")]
    public void Other_paths_are_refused(string path) => Assert.That(
        Assert.Throws<EthereumException>(() => new KeyDerivation(Mnemonic).Derive(path))!.Message, Does.Contain("path"));

    [Test]
    public void The_first_keys_below_a_path_are_those_of_their_paths()
    {
        KeyDerivation derivation = new(Mnemonic);
        IReadOnlyList<EthKey> first = derivation.DeriveFirst(KeyDerivation.FilecoinPath, 3);
        Assert.That(
            first.Select(static key => Convert.ToHexString(key.ToBytes())),
            Is.EqualTo(Enumerable.Range(0, 3).Select(index => Convert.ToHexString(derivation.Derive($"{KeyDerivation.FilecoinPath}{index}").ToBytes()))));
        Assert.That(first.Select(static key => Convert.ToHexString(key.ToBytes())), Is.Unique);
    }

    [Test]
    public void Bytes_that_are_no_key_are_refused()
    {
        Assert.That(EthKey.TryCreate(new byte[32], out _), Is.False, "zero");
        Assert.That(EthKey.TryCreate(Enumerable.Repeat(byte.MaxValue, 32).ToArray(), out _), Is.False, "above the order");
        Assert.That(EthKey.TryCreate(new byte[31], out _), Is.False, "too short");
    }

    // By ethers 6.17.0.
    [Test]
    public void A_text_is_signed_as_by_wallets()
    {
        EthKey key = new KeyDerivation(Mnemonic).Derive($"{KeyDerivation.EthereumPath}0");
        Assert.That(Convert.ToHexStringLower(SignedText.Sign(key, SignedText.HashOf("hello"u8))), Is.EqualTo(
            "f16ea9a3478698f695fd1401bfe27e9e4a7e8e3da94aa72b021125e31fa899cc573c48ea3fe1d4ab61a9db10c19032026e3ed2dbccba5a178235ac27f94504311c"));
    }

    [Test]
    public void Typed_data_are_hashed_and_signed_as_by_wallets()
    {
        EthKey key = new KeyDerivation(Mnemonic).Derive($"{KeyDerivation.EthereumPath}0");
        byte[] hash = TypedData.HashOf(Parse(Mail));
        Assert.That(Convert.ToHexStringLower(hash), Is.EqualTo("1ee2d7fc0cf03b273b0f9fc175f3e010721c9664d5132d1d37a5d31b20dbd5d3"));
        Assert.That(Convert.ToHexStringLower(SignedText.Sign(key, hash)), Is.EqualTo(
            "6ad9e35913c9066514a62d57d720448e1161ae3ec150ad62cbf7b2be2e4c70c22e80287e5a2f294fbfb72d233bd360025e08924ad2a67484a6f2ec8d828ecf251c"));
    }

    [TestCase("\"primaryType\":\"Mail\"", "\"primaryType\":\"Letter\"", "no type 'Letter'")]
    [TestCase("\"n\":\"-5\"", "\"n\":\"40000\"", "n is not of the type 'int16'")]
    [TestCase("\"b\":\"0x01020304\"", "\"b\":\"0x010203\"", "b is not of the type 'bytes4'")]
    [TestCase("\"type\":\"int16\"", "\"type\":\"int17\"", "no type 'int17'")]
    [TestCase("[[\"1\",\"2\"]", "[[\"1\"]", "g is not of the type 'uint8[2]'")]
    [TestCase("\"f\":true", "\"f\":1", "f is not of the type 'bool'")]
    [TestCase("Hello, Bob!", "\\ud800", "no valid Unicode")]
    [TestCase("\"domain\":{", "\"domains\":{", "domain is missing")]
    [TestCase("\"type\":\"Person[]\"", "\"type\":\"]\"", "not of the type ']'")]
    public void Other_typed_data_are_refused(string text, string replacement, string reason)
    {
        JsonElement changed = Parse(Mail.Replace(text, replacement, StringComparison.Ordinal));
        Assert.That(Assert.Throws<EthereumException>(() => TypedData.HashOf(changed))!.Message, Does.Contain(reason));
    }

    private const string Mail = """
        {"types":{"Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],"Mail":[{"name":"from","type":"Person"},
        {"name":"to","type":"Person[]"},{"name":"contents","type":"string"},{"name":"n","type":"int16"},{"name":"b","type":"bytes4"},
        {"name":"d","type":"bytes"},{"name":"g","type":"uint8[2][]"},{"name":"f","type":"bool"}],"EIP712Domain":[{"name":"name",
        "type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}]},
        "domain":{"name":"Ether Mail","version":"1","chainId":"0x1df5e76","verifyingContract":"0xcccccccccccccccccccccccccccccccccccccccc"},
        "primaryType":"Mail","message":{"from":{"name":"Cow","wallet":"0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826"},"to":[{"name":"Bob",
        "wallet":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}],"contents":"Hello, Bob!","n":"-5","b":"0x01020304","d":"0xdeadbeef",
        "g":[["1","2"],["3","4"]],"f":true}}
        """;

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
