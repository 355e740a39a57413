namespace Fvm;

/// <summary>The letter before an address in text. It is no part of the address.</summary>
public enum AddressNetwork
{
    /// <summary><c>f</c></summary>
    Mainnet,

    /// <summary><c>t</c></summary>
    Testnet,
}
