namespace Fvm.Node.Tests;

/// <summary>Small contracts, in bytecode.</summary>
internal static class Contracts
{
    /// <summary>
    /// A register. Without input it returns its word; an input of one byte makes it revert with the reason "no"; a word is stored, and logged with
    /// the topic 0x2a.
    /// </summary>
    public static byte[] Register { get; } = Convert.FromHexString(
        "3615601e573660011460" + "2a57" + "60003580600055" + "600052" + "602a60206000a100"
        + "5b60005460005260206000f3"
        + "5b6308c379a060e01b600052602060045260026024" + "52616e6f60f01b60445260646000fd");

    /// <summary>What creates a contract with some code.</summary>
    public static byte[] Creating(byte[] code) => LocalGenesis.InitCodeOf(code);

    /// <summary>A word.</summary>
    public static byte[] Word(ulong number)
    {
        byte[] word = new byte[32];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(24), number);
        return word;
    }
}
