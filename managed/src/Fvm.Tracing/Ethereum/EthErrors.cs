namespace Fvm.Tracing;

/// <summary>The texts of failures in Ethereum's forms, as Lotus writes them.</summary>
internal static class EthErrors
{
    public const string Reverted = "Reverted";

    private const uint FirstActorSpecific = 33;

    // From 33 on (builtin-actors: the EVM actor's exit codes).
    private static ReadOnlySpan<string> EvmTexts => new string[]
    {
        Reverted, "invalid instruction", "undefined instruction", "stack underflow", "stack overflow", "illegal memory access",
        "invalid jump destination", "self destruct failed",
    };

    /// <summary>The text of a call's failure; null for success.</summary>
    public static string? Of(CallNode call)
    {
        ExitCode code = call.ExitCode;
        return code.IsSuccess ? null : Of(code, call.Actor == "evm" || call.Invoked?.Id == ActorId.EthereumAddressManager);
    }

    /// <summary>The text of a contract's failure.</summary>
    public static string OfContract(uint exitCode) => Of(new ExitCode(exitCode), isEvm: true);

    private static string Of(ExitCode code, bool isEvm)
    {
        if (code == ExitCode.SysOutOfGas) return "out of gas";

        if (code.IsSystemError) return $"vm error: {NameOf(code)}";

        uint at = code.Value - FirstActorSpecific;
        return isEvm && at < (uint)EvmTexts.Length ? EvmTexts[(int)at] : $"actor error: {NameOf(code)}";
    }

    // Names of the Go libraries.
    private static string NameOf(ExitCode code)
    {
        string? name = code.Value switch
        {
            1 => "SysErrSenderInvalid",
            2 => "SysErrSenderStateInvalid",
            3 => "SysErrReserved1",
            4 => "SysErrIllegalInstruction",
            5 => "SysErrInvalidReceiver",
            6 => "SysErrInsufficientFunds",
            7 => "SysErrOutOfGas",
            8 => "SysErrReserved2",
            9 => "SysErrIllegalExitCode",
            10 => "SysFatal",
            11 => "SysErrMissingReturn",
            >= 12 and < 16 => $"SysErrReserved{code.Value - 9}",
            16 => "ErrIllegalArgument",
            17 => "ErrNotFound",
            18 => "ErrForbidden",
            19 => "ErrInsufficientFunds",
            20 => "ErrIllegalState",
            21 => "ErrSerialization",
            22 => "ErrUnhandledMessage",
            23 => "ErrUnspecified",
            24 => "ErrAssertionFailed",
            25 => "ErrReadOnly",
            26 => "ErrNotPayable",
            _ => null,
        };
        return name is null ? $"{code}" : $"{name}({code})";
    }
}
