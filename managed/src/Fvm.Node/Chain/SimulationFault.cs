namespace Fvm.Node;

/// <summary>Why a simulation is refused. The values are the codes of the errors (execution-apis: <c>eth_simulateV1</c>).</summary>
internal enum SimulationFault
{
    NonceTooLow = -38010,
    NonceTooHigh = -38011,
    BaseFeeTooLow = -38012,

    /// <summary>The gas limit does not cover the message's inclusion in a block.</summary>
    IntrinsicGas = -38013,

    /// <summary>The sender cannot pay value and gas.</summary>
    InsufficientFunds = -38014,

    /// <summary>A call's gas limit is more than what is left in its block.</summary>
    BlockGasLimit = -38015,

    /// <summary>A block's number is not above the one before.</summary>
    BlockNumberOrder = -38020,

    /// <summary>A block's time is not above the one before.</summary>
    TimestampOrder = -38021,

    /// <summary>There is no actor that could send the call.</summary>
    NoSender = -38024,

    /// <summary>A limit of the node is exceeded.</summary>
    LimitExceeded = -38026,

    /// <summary>The simulation takes too long.</summary>
    Timeout = -32016,

    /// <summary>A value is not possible.</summary>
    InvalidParams = -32602,
}
