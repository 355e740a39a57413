namespace Fvm.Node;

/// <summary>
/// The codes of errors: those of JSON-RPC 2.0, of Ethereum's nodes (EIP-1474, execution-apis) and of Lotus. A refused simulation has one of
/// <see cref="SimulationFault"/>, too.
/// </summary>
internal enum RpcErrorCode
{
    /// <summary>The text is no JSON.</summary>
    ParseError = -32700,

    /// <summary>The JSON is no request.</summary>
    InvalidRequest = -32600,

    /// <summary>The method does not exist, or is refused deliberately: tools then take another way.</summary>
    MethodNotFound = -32601,

    /// <summary>A parameter is missing or malformed.</summary>
    InvalidParams = -32602,

    /// <summary>A fault of the node.</summary>
    Internal = -32603,

    /// <summary>A valid request that cannot be served: also the code of refused transactions, as in geth.</summary>
    ServerError = -32000,

    /// <summary>What was asked for does not exist.</summary>
    ResourceNotFound = -32001,

    /// <summary>A limit of the node is exceeded.</summary>
    LimitExceeded = -32005,

    /// <summary>A simulated call failed otherwise than by a revert.</summary>
    VmError = -32015,

    /// <summary>A state override moves a precompile to where it is.</summary>
    PrecompileMovedToItself = -38022,

    /// <summary>Two state overrides move precompiles to one address.</summary>
    PrecompilesMovedToOne = -38023,

    /// <summary>A simulation has more blocks or calls than the node takes.</summary>
    SimulationTooLarge = -38026,

    /// <summary>As Lotus reports all failures that have no other code.</summary>
    Lotus = 1,

    /// <summary>The message ended out of gas (Lotus).</summary>
    OutOfGas = 2,

    /// <summary>The execution reverted; the data are the revert bytes.</summary>
    Reverted = 3,

    /// <summary>The block of a null round was asked for (Lotus).</summary>
    NullRound = 12,
}
