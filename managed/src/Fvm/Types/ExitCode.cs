using System.Globalization;

namespace Fvm;

/// <summary>
/// The exit code of a message or a call. Codes below 16 are reserved for the machine; actors must not exit with them (reference:
/// <c>shared/src/error</c>).
/// </summary>
public readonly record struct ExitCode(uint Value)
{
    /// <summary>The lowest code that an actor may exit with.</summary>
    public const uint FirstUserExitCode = 16;

    public static readonly ExitCode Ok = new(0);
    public static readonly ExitCode SysSenderInvalid = new(1);
    public static readonly ExitCode SysSenderStateInvalid = new(2);
    public static readonly ExitCode SysIllegalInstruction = new(4);
    public static readonly ExitCode SysInvalidReceiver = new(5);
    public static readonly ExitCode SysInsufficientFunds = new(6);
    public static readonly ExitCode SysOutOfGas = new(7);
    public static readonly ExitCode SysIllegalExitCode = new(9);
    public static readonly ExitCode SysAssertionFailed = new(10);
    public static readonly ExitCode SysMissingReturn = new(11);

    public static readonly ExitCode UsrIllegalArgument = new(16);

    /// <summary>The code that a message leaves on the chain if its call cannot be dispatched.</summary>
    public static ExitCode OfUndispatched(ErrorNumber error) => error switch
    {
        ErrorNumber.InsufficientFunds => SysInsufficientFunds,
        ErrorNumber.NotFound => SysInvalidReceiver,
        _ => SysAssertionFailed,
    };

    public bool IsSuccess => Value == 0;

    /// <summary>Whether the code is reserved for the machine; includes success.</summary>
    public bool IsSystemError => Value < FirstUserExitCode;

    /// <summary>The number, with the reference's name if it has one.</summary>
    public string Describe() => Value switch
    {
        0 => "0 (OK)",
        1 => "1 (SYS_SENDER_INVALID)",
        2 => "2 (SYS_SENDER_STATE_INVALID)",
        4 => "4 (SYS_ILLEGAL_INSTRUCTION)",
        5 => "5 (SYS_INVALID_RECEIVER)",
        6 => "6 (SYS_INSUFFICIENT_FUNDS)",
        7 => "7 (SYS_OUT_OF_GAS)",
        9 => "9 (SYS_ILLEGAL_EXIT_CODE)",
        10 => "10 (SYS_ASSERTION_FAILED)",
        11 => "11 (SYS_MISSING_RETURN)",
        16 => "16 (USR_ILLEGAL_ARGUMENT)",
        17 => "17 (USR_NOT_FOUND)",
        18 => "18 (USR_FORBIDDEN)",
        19 => "19 (USR_INSUFFICIENT_FUNDS)",
        20 => "20 (USR_ILLEGAL_STATE)",
        21 => "21 (USR_SERIALIZATION)",
        22 => "22 (USR_UNHANDLED_MESSAGE)",
        23 => "23 (USR_UNSPECIFIED)",
        24 => "24 (USR_ASSERTION_FAILED)",
        25 => "25 (USR_READ_ONLY)",
        26 => "26 (USR_NOT_PAYABLE)",
        _ => ToString(),
    };

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
