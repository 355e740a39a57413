namespace Fvm;

/// <summary>The result of a failed syscall, as seen by the actor. The numbers are consensus (reference: <c>shared/src/error</c>).</summary>
public enum ErrorNumber : uint
{
    IllegalArgument = 1,
    IllegalOperation = 2,
    LimitExceeded = 3,
    AssertionFailed = 4,
    InsufficientFunds = 5,
    NotFound = 6,
    InvalidHandle = 7,
    IllegalCid = 8,
    IllegalCodec = 9,
    Serialization = 10,
    Forbidden = 11,
    BufferTooSmall = 12,
    ReadOnly = 13,
}
