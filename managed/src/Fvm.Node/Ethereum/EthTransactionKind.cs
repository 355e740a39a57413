namespace Fvm.Node;

/// <summary>The forms of Ethereum transactions that Filecoin accepts.</summary>
internal enum EthTransactionKind
{
    /// <summary>A legacy transaction without chain ID.</summary>
    Homestead,

    /// <summary>A legacy transaction with the chain ID in its signature (EIP-155).</summary>
    Protected,

    /// <summary>Type 2, with fee cap and premium (EIP-1559).</summary>
    DynamicFee,
}
