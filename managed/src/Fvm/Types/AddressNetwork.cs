namespace Fvm;

/// <summary>The network prefix of an address's text form. It is not part of the address.</summary>
public enum AddressNetwork
{
    /// <summary><c>f</c></summary>
    Mainnet,

    /// <summary><c>t</c></summary>
    Testnet,
}
