using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class TokenAmountTests
{
    // Amounts around every bound of the implementation.
    private static readonly Arbitrary<TokenAmount> Amounts = Arb.From(
        from shift in Gen.Choose(0, 300)
        from low in Gen.Choose(-5, 5)
        from negative in Gen.Elements(true, false)
        select TokenAmount.FromAtto(((BigInteger.One << shift) + low) * (negative ? -1 : 1)));

    [TestCase("0", "", TestName = "Zero has no bytes")]
    [TestCase("1", "0001")]
    [TestCase("-1", "0101")]
    [TestCase("256", "000100")]
    [TestCase("1000000000000000000", "000de0b6b3a7640000")]
    [TestCase(
        "170141183460469231731687303715884105727", "007fffffffffffffffffffffffffffffff", TestName = "The most that is kept in place")]
    [TestCase("-170141183460469231731687303715884105728", "0180000000000000000000000000000000", TestName = "The least that is kept in place")]
    [TestCase("170141183460469231731687303715884105728", "0080000000000000000000000000000000")]
    [TestCase("-340282366920938463463374607431768211456", "010100000000000000000000000000000000")]
    public void Bytes_are_a_sign_and_the_magnitude(string atto, string hex)
    {
        TokenAmount amount = TokenAmount.ParseAtto(atto);

        Assert.That(Convert.ToHexStringLower(amount.ToBytes()), Is.EqualTo(hex));
        Assert.That(TokenAmount.TryFromBytes(Convert.FromHexString(hex), out TokenAmount read), Is.True);
        Assert.That(read, Is.EqualTo(amount));
        Assert.That(read.ToString(), Is.EqualTo(atto));
    }

    [TestCase("00", "0", TestName = "A sign alone is zero")]
    [TestCase("01", "0", TestName = "A minus sign alone is zero")]
    [TestCase("0000000001", "1", TestName = "Leading zeros are accepted")]
    [TestCase("01000000000000000000000000000000000000000000000005", "-5", TestName = "Many leading zeros are accepted")]
    public void Forms_that_are_not_canonical_are_read_as_the_reference_does(string hex, string atto)
    {
        Assert.That(TokenAmount.TryFromBytes(Convert.FromHexString(hex), out TokenAmount amount), Is.True);
        Assert.That(amount, Is.EqualTo(TokenAmount.ParseAtto(atto)));
    }

    [TestCase("02")]
    [TestCase("ff01")]
    public void Another_sign_is_refused(string hex) =>
        Assert.That(TokenAmount.TryFromBytes(Convert.FromHexString(hex), out _), Is.False);

    [Test]
    public void An_amount_has_at_most_128_bytes()
    {
        TokenAmount most = TokenAmount.FromAtto((BigInteger.One << (127 * 8)) - 1);
        byte[] bytes = new byte[129];
        bytes.AsSpan(1).Fill(0xff);

        Assert.That(most.ToBytes(), Has.Length.EqualTo(128));
        Assert.That(TokenAmount.TryFromBytes(bytes.AsSpan(0, 128), out TokenAmount read), Is.True);
        Assert.That(read, Is.EqualTo(most));
        Assert.That(TokenAmount.TryFromBytes(bytes, out _), Is.False);
        Assert.That(() => (most + TokenAmount.FromAtto(1L)).ToBytes(), Throws.TypeOf<OverflowException>());
        Assert.That((most + TokenAmount.FromAtto(1L)).WriteTo(bytes), Is.EqualTo(-1));
    }

    [TestCase("0", "0.0")]
    [TestCase("1", "0.000000000000000001")]
    [TestCase("1000", "0.000000000000001")]
    [TestCase("123400000000000000", "0.1234")]
    [TestCase("1000000000000000001", "1.000000000000000001")]
    [TestCase("1234000000000123456789", "1234.000000000123456789")]
    [TestCase("-1000000000000", "-0.000001")]
    public void Fil_is_shown_and_read_as_the_reference_does(string atto, string fil)
    {
        TokenAmount amount = TokenAmount.ParseAtto(atto);

        Assert.That(amount.ToFil(), Is.EqualTo(fil));
        Assert.That(TokenAmount.TryParseFil(fil, out TokenAmount read), Is.True);
        Assert.That(read, Is.EqualTo(amount));
    }

    [TestCase("")]
    [TestCase("1.")]
    [TestCase(".5")]
    [TestCase("1.0000000000000000001")]
    [TestCase("1.-5")]
    [TestCase("1e3")]
    [TestCase(" 1")]
    public void Other_texts_are_no_fil(string text) => Assert.That(TokenAmount.TryParseFil(text, out _), Is.False);

    [Test]
    public void Zero_is_neither_negative_nor_positive()
    {
        Assert.That(TokenAmount.Zero.IsZero, Is.True);
        Assert.That(TokenAmount.Zero.IsNegative, Is.False);
        Assert.That(TokenAmount.Zero.IsPositive, Is.False);
        Assert.That(default(TokenAmount), Is.EqualTo(TokenAmount.Zero));
    }

    [Test]
    public void Sums_differences_and_comparisons_are_those_of_whole_numbers() => Prop.ForAll(Amounts, Amounts, (left, right) =>
        (left + right).Atto == left.Atto + right.Atto
        && (left - right).Atto == left.Atto - right.Atto
        && (-left).Atto == -left.Atto
        && (left + right - right) == left
        && (left + right - right).GetHashCode() == left.GetHashCode()
        && left.CompareTo(right) == left.Atto.CompareTo(right.Atto)
        && (left < right) == (left.Atto < right.Atto)
        && (left == right) == (left.Atto == right.Atto)
        && left.IsNegative == (left.Atto.Sign < 0)).QuickCheckThrowOnFailure();

    [Test]
    public void Products_are_those_of_whole_numbers() => Prop.ForAll(Amounts, ArbMap.Default.ArbFor<ulong>(), (amount, factor) =>
        (amount * factor).Atto == amount.Atto * factor
        && (amount * ulong.MaxValue).Atto == amount.Atto * ulong.MaxValue).QuickCheckThrowOnFailure();

    [Test]
    public void Amounts_come_back_from_bytes_and_text() => Prop.ForAll(Amounts, amount =>
        TokenAmount.TryFromBytes(amount.ToBytes(), out TokenAmount read) && read == amount
        && TokenAmount.ParseAtto(amount.ToString()) == amount
        && TokenAmount.TryParseFil(amount.ToFil(), out TokenAmount fil) && fil == amount).QuickCheckThrowOnFailure();

    [Test]
    public void Numbers_of_128_bits_are_those_from_zero_up() => Prop.ForAll(Amounts, amount =>
        amount.TryToUInt128(out UInt128 number)
            ? TokenAmount.FromAtto(number) == amount
            : amount.IsNegative || amount.Atto > (BigInteger)UInt128.MaxValue).QuickCheckThrowOnFailure();

    [Test]
    public void Halves_make_an_unsigned_number() =>
        Assert.That(TokenAmount.FromHalves(ulong.MaxValue, 5).Atto, Is.EqualTo((BigInteger)new UInt128(ulong.MaxValue, 5)));
}
