using Fvm.Tracing;

namespace Fvm.Node.Tests;

public sealed class EthAddressTests
{
    private const string FirstAccount = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    [Test]
    public void An_address_is_an_f410_address_of_the_same_bytes()
    {
        Address filecoin = EthAddress.Parse(FirstAccount).ToFilecoin();
        Assert.That(filecoin.ToString(), Does.StartWith("f410f"));
        Assert.That(filecoin.TryToEthereum(out string? text), Is.True);
        Assert.That(text, Is.EqualTo(FirstAccount));
        Assert.That(EthAddress.TryOf(filecoin, out EthAddress back), Is.True);
        Assert.That(back.ToString(), Is.EqualTo(FirstAccount));
    }

    [TestCase("0xff00000000000000000000000000000000000064", 100UL)]
    [TestCase("0xff00000000000000000000000000000000000000", 0UL)]
    [TestCase("0xff0000000000000000000000ffffffffffffffff", ulong.MaxValue)]
    public void A_masked_address_is_an_actor_ID(string text, ulong id)
    {
        EthAddress address = EthAddress.Parse(text);
        Assert.That(address.ToFilecoin(), Is.EqualTo(Address.NewId(id)));
        Assert.That(EthAddress.OfId(new ActorId(id)), Is.EqualTo(address));
    }

    [TestCase("0xfe00000000000000000000000000000000000064")]
    [TestCase("0xff00000000000000000000010000000000000064")]
    [TestCase("0xff01000000000000000000000000000000000064")]
    public void Other_addresses_are_no_actor_ID(string text) => Assert.That(EthAddress.Parse(text).TryGetId(out _), Is.False);

    // Nobody can make this address: the actor of the ID would be meant.
    [Test]
    public void A_delegated_address_with_the_bytes_of_a_masked_ID_has_no_Ethereum_form()
    {
        byte[] masked = EthAddress.OfId(new ActorId(100)).ToBytes();
        Assert.That(EthAddress.TryOf(Address.NewDelegated(ActorId.EthereumAddressManager, masked), out _), Is.False);
    }

    [TestCase("f1qid3qslm4jax2jpohkdwomtidgd3x7xa7qvahea")]
    [TestCase("f32uoafk25x7k6szfrwhlfqsdudvbgjmrx27aabn4a")]
    public void Addresses_of_keys_and_other_managers_have_no_Ethereum_form(string text)
    {
        Address address = Address.TryParse(text, out Address parsed) ? parsed : Address.NewDelegated(new ActorId(11), new byte[20]);
        Assert.That(EthAddress.TryOf(address, out _), Is.False);
    }

    [TestCase("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")]
    [TestCase("0xf39fd6e51aad88f6f4ce6ab8827279cfffb9226")]
    [TestCase("0xf39fd6e51aad88f6f4ce6ab8827279cfffb922660")]
    [TestCase("0xg39fd6e51aad88f6f4ce6ab8827279cfffb92266")]
    [TestCase("")]
    [TestCase(null)]
    public void Other_texts_are_no_address(string? text) => Assert.That(EthAddress.TryParse(text, out _), Is.False);

    // EIP-55's own examples.
    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [TestCase("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [TestCase("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [TestCase("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void A_checksum_is_in_the_capitals(string text) => Assert.That(EthAddress.Parse(text).ToChecksumText(), Is.EqualTo(text));

    [Test]
    public void The_first_contract_of_the_first_test_account_has_its_known_address() => Assert.That(
        EthAddress.OfCreated(EthAddress.Parse(FirstAccount), 0).ToString(), Is.EqualTo("0x5fbdb2315678afecb367f032d93f642f64180aa3"));

    [Test]
    public void A_hash_and_its_CID_convert_into_each_other()
    {
        Assert.That(EthHash.TryParse("0x" + new string('7', 64), out EthHash hash), Is.True);
        Assert.That(EthHash.OfCid(hash.ToCid()), Is.EqualTo(hash));
        Assert.That(hash.ToString(), Is.EqualTo("0x" + new string('7', 64)));
    }
}
