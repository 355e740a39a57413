using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class AddressTests
{
    // Expected texts of the reference's own tests (shared/tests/address_test.rs).
    [TestCase(
        "049402fac37e6432a416a3a0ca5426b5185ab3b24f6134efa25ce487c82d2e4e13bf452511e0d2245421f8613bc10d72fa21"
        + "6666a96c3bc13920d3ff233fd0bc05",
        "f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq")]
    [TestCase(
        "047687b910379bf28cbe3aea674b12000c6b7dba46ffc05f6c94fe2a22bbcc2602ff7f5c76f21ca55d36959152b0e1e88791"
        + "7c393576eef093f61ebd3ad06f7fda",
        "f12fiakbhe2gwd5cnmrenekasyn6v5tnaxaqizq6a")]
    public void Secp256k1_keys_have_the_texts_of_the_reference(string key, string text) =>
        AssertText(Address.NewSecp256k1(Convert.FromHexString(key)), AddressProtocol.Secp256k1, text);

    [TestCase("76128190cdf068d1418044acc03e0b6781970d60", "f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i")]
    [TestCase("2cafb8e2e06bba98ea657c5cf5f42023aa23e88e", "f25nml2cfbljvn4goqtclhifepvfnicv6g7mfmmvq")]
    [TestCase("3d3a89e8ddab547832716c6d468c3560c9f47fd8", "f2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y")]
    public void Actor_addresses_have_the_texts_of_the_reference(string data, string text) =>
        AssertText(Address.NewActor(Convert.FromHexString(data)), AddressProtocol.Actor, text);

    [TestCase(
        "ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99d606b247ddb4f9ac7a3414dd",
        "f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a")]
    [TestCase(
        "a7726b038022f75a384617585360cee629070a2d9d28712965e5f26ecc40858382803724ed34f2720336f09db631f074",
        "f3u5zgwa4ael3vuocgc5mfgygo4yuqocrntuuhcklf4xzg5tcaqwbyfabxetwtj4tsam3pbhnwghyhijr5mixa")]
    public void Bls_keys_have_the_texts_of_the_reference(string key, string text) =>
        AssertText(Address.NewBls(Convert.FromHexString(key)), AddressProtocol.Bls, text);

    [TestCase(32UL, "ffffffffff", "f432f77777777x32lpna")]
    [TestCase(ulong.MaxValue, "", "f418446744073709551615ftnkyfaq")]
    [TestCase(
        ulong.MaxValue,
        "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
        "f418446744073709551615faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaafbbuagu")]
    public void Delegated_addresses_have_the_texts_of_the_reference(ulong manager, string subaddress, string text) =>
        AssertText(Address.NewDelegated(new ActorId(manager), Convert.FromHexString(subaddress)), AddressProtocol.Delegated, text);

    [TestCase(0UL, "f00", "0000")]
    [TestCase(10UL, "f010", "000a")]
    [TestCase(150UL, "f0150", "009601")]
    [TestCase(999999UL, "f0999999", "00bf843d")]
    [TestCase(ulong.MaxValue, "f018446744073709551615", "00ffffffffffffffffff01")]
    public void Id_addresses_have_the_texts_and_bytes_of_the_reference(ulong id, string text, string bytes)
    {
        Address address = Address.NewId(id);

        AssertText(address, AddressProtocol.Id, text);
        Assert.That(Convert.ToHexStringLower(address.ToBytes()), Is.EqualTo(bytes));
    }

    [TestCase("Q2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y", TestName = "Another network's letter is refused")]
    [TestCase("f5gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y", TestName = "An unknown protocol is refused")]
    [TestCase("f2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y", TestName = "A wrong checksum is refused")]
    [TestCase("f0banananananannnnnnnn", TestName = "A number of letters is refused")]
    [TestCase("f018446744073709551616", TestName = "A number beyond 64 bits is refused")]
    [TestCase("f0-1", TestName = "A negative number is refused")]
    [TestCase("f2gfvuyh7v2sx3patm1k23wdzmhyhtmqctasbr24y", TestName = "A letter that is not of base32 is refused")]
    [TestCase("f2gfvuyh7v2sx3paTm5k23wdzmhyhtmqctasbr23y", TestName = "A capital letter is refused")]
    [TestCase("f2", TestName = "A text without payload is refused")]
    [TestCase("f1mzxqu", TestName = "A payload shorter than its checksum is refused")]
    [TestCase("f410", TestName = "A delegated address without separator is refused")]
    [TestCase("", TestName = "An empty text is refused")]
    [TestCase(null, TestName = "No text is refused")]
    public void Malformed_texts(string? text) => Assert.That(Address.TryParse(text, out _), Is.False);

    [TestCase("", TestName = "No bytes are refused")]
    [TestCase("00", TestName = "A protocol alone is refused")]
    [TestCase("050404", TestName = "An unknown protocol byte is refused")]
    [TestCase("008000", TestName = "A number longer than needed is refused")]
    [TestCase("0080", TestName = "A number that is cut off is refused")]
    [TestCase("000100", TestName = "Bytes after the number are refused")]
    [TestCase("00ffffffffffffffffffff01", TestName = "A number of eleven bytes is refused")]
    [TestCase("0100000000000000000000000000000000000000", TestName = "A hash of 19 bytes is refused")]
    [TestCase("02000000000000000000000000000000000000000000", TestName = "A hash of 21 bytes is refused")]
    [TestCase("04ff", TestName = "A namespace that is cut off is refused")]
    public void Malformed_bytes(string hex) => Assert.That(Address.TryFromBytes(Convert.FromHexString(hex), out _), Is.False);

    [Test]
    public void A_subaddress_has_at_most_54_bytes()
    {
        byte[] bytes = new byte[2 + 55];
        bytes[0] = 4;
        bytes[1] = 10;

        Assert.That(Address.TryFromBytes(bytes.AsSpan(0, 56), out Address address), Is.True);
        Assert.That(address.Length, Is.EqualTo(56));
        Assert.That(Address.TryFromBytes(bytes, out _), Is.False);
        Assert.That(() => Address.NewDelegated(new ActorId(10), new byte[55]), Throws.ArgumentException);
    }

    [Test]
    public void Bits_beyond_64_in_the_tenth_byte_of_a_number_are_dropped()
    {
        Assert.That(Address.TryFromBytes(Convert.FromHexString("00ffffffffffffffffff7f"), out Address address), Is.True);
        Assert.That(address, Is.EqualTo(Address.NewId(ulong.MaxValue)));
    }

    [Test]
    public void Keys_of_other_lengths_are_refused()
    {
        Assert.That(() => Address.NewSecp256k1(new byte[64]), Throws.ArgumentException);
        Assert.That(() => Address.NewBls(new byte[49]), Throws.ArgumentException);
    }

    [Test]
    public void The_bls_key_at_infinity_is_known()
    {
        byte[] key = new byte[48];
        key[0] = 0xc0;
        Assert.That(Address.NewBls(key).IsBlsZero, Is.True);

        key[47] = 1;
        Assert.That(Address.NewBls(key).IsBlsZero, Is.False);
        Assert.That(Address.NewId(0).IsBlsZero, Is.False);
    }

    [Test]
    public void An_ethereum_address_shows_its_twenty_bytes()
    {
        Address address = Address.NewDelegated(new ActorId(10), Convert.FromHexString("d388ab098ed3e84c0d808776440b48f685198498"));

        Assert.That(address.TryToEthereum(out string? text), Is.True);
        Assert.That(text, Is.EqualTo("0xd388ab098ed3e84c0d808776440b48f685198498"));
        Assert.That(Address.NewId(10).TryToEthereum(out _), Is.False);
    }

    [Test]
    public void The_network_is_no_part_of_the_address()
    {
        Assert.That(Address.TryParse("t01", out Address address, out AddressNetwork network), Is.True);
        Assert.That(network, Is.EqualTo(AddressNetwork.Testnet));
        Assert.That(address, Is.EqualTo(Address.Parse("f01")));
        Assert.That(address.ToString(AddressNetwork.Testnet), Is.EqualTo("t01"));
    }

    [Test]
    public void The_default_is_the_address_of_actor_zero() => Assert.That(default(Address), Is.EqualTo(Address.NewId(0)));

    [Test]
    public void Whatever_bytes_are_an_address_come_back_from_bytes_and_text() => Prop.ForAll<byte[], byte>((rest, protocol) =>
    {
        byte[] bytes = [(byte)(protocol % 6), .. rest];
        if (!Address.TryFromBytes(bytes, out Address address))
        {
            return true;
        }

        return Address.TryFromBytes(address.ToBytes(), out Address again) && again == address
            && again.GetHashCode() == address.GetHashCode() && Address.Parse(address.ToString()) == address;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Delegated_addresses_come_back_from_bytes_and_text() => Prop.ForAll<ulong, byte[]>((manager, data) =>
    {
        Address address = Address.NewDelegated(new ActorId(manager), data.AsSpan(0, Math.Min(54, data.Length)));
        return Address.TryFromBytes(address.ToBytes(), out Address again) && again == address
            && Address.Parse(address.ToString()) == address && again.TryGetDelegated(out ActorId actor, out _) && actor.Value == manager;
    }).QuickCheckThrowOnFailure();

    private static void AssertText(Address address, AddressProtocol protocol, string text)
    {
        Assert.That(address.ToString(), Is.EqualTo(text));
        Assert.That(Address.TryParse(text, out Address parsed), Is.True);
        Assert.That(parsed, Is.EqualTo(address));
        Assert.That(parsed.Protocol, Is.EqualTo(protocol));
        Assert.That(Address.TryFromBytes(address.ToBytes(), out Address decoded), Is.True);
        Assert.That(decoded, Is.EqualTo(address));
        Assert.That(address.ToBytes().AsSpan(1).SequenceEqual(address.Payload.Span), Is.True);
        Assert.That(address.ToBytes(), Has.Length.EqualTo(address.Length), text.ToString(CultureInfo.InvariantCulture));
    }
}
