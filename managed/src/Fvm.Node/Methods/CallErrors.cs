using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Fvm.Node;

/// <summary>Failures as JSON-RPC errors: tools decode their data, and recognise their first words.</summary>
internal static class CallErrors
{
    private const int Selector = 4;
    private const int Word = 32;
    private const int MaxReason = 500;

    // Exit codes.
    private const uint OutOfGas = 7;
    private const uint Revert = 33;

    // The selectors of Error(string) and Panic(uint256).
    private const uint ErrorSelector = 0x08c379a0;
    private const uint PanicSelector = 0x4e487b71;

    /// <summary>The error of a call that did not succeed.</summary>
    public static RpcException Of(CallOutcome outcome) => outcome.ExitCode.Value switch
    {
        Revert => OfRevert(outcome),
        OutOfGas => new RpcException(RpcErrorCode.OutOfGas, TextOf(OutOfGas)),
        uint code => RpcException.OfRevert($"execution reverted: {TextOf(code)}", outcome.Data),
    };

    /// <summary>The error within the result of a simulated call that did not succeed.</summary>
    public static RpcException OfSimulated(CallOutcome outcome) => outcome.ExitCode.Value == Revert
        ? OfRevert(outcome)
        : new RpcException(RpcErrorCode.VmError, $"vm execution error: {TextOf(outcome.ExitCode.Value)}");

    /// <summary>The error of a failure; null if it is none that is foreseen.</summary>
    public static RpcException? Of(Exception exception) => exception switch
    {
        CallFailedException failed => Of(failed.Outcome),
        RefusedException or EthereumException => new RpcException(RpcErrorCode.ServerError, exception.Message),
        Ipld.BlockstoreException => new RpcException(RpcErrorCode.ServerError, exception.Message),
        FatalException { InnerException: Ipld.BlockstoreException inner } => new RpcException(RpcErrorCode.ServerError, inner.Message),
        SimulationException refused => new RpcException((RpcErrorCode)(int)refused.Fault, exception.Message),
        ChainBusyException => new RpcException(RpcErrorCode.LimitExceeded, exception.Message),
        _ => null,
    };

    /// <summary>The reason in revert bytes; null if there is none of a known form.</summary>
    public static string? ReasonOf(ReadOnlySpan<byte> data)
    {
        if (data.Length < Selector + Word)
        {
            return null;
        }

        ReadOnlySpan<byte> words = data[Selector..];
        switch (BinaryPrimitives.ReadUInt32BigEndian(data))
        {
            case PanicSelector:
                BigInteger code = new(words[..Word], isUnsigned: true, isBigEndian: true);
                return $"panic code 0x{code.ToString("x2", CultureInfo.InvariantCulture)}";
            case ErrorSelector when words.Length >= 2 * Word:
                BigInteger length = new(words.Slice(Word, Word), isUnsigned: true, isBigEndian: true);
                ReadOnlySpan<byte> text = words[(2 * Word)..];
                text = length < text.Length ? text[..(int)length] : text;
                text = text[..Math.Min(text.Length, MaxReason)];
                return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
            default:
                return null;
        }
    }

    private static RpcException OfRevert(CallOutcome outcome) => RpcException.OfRevert(
        ReasonOf(outcome.Data) is string text ? $"execution reverted: {PrintableText.Of(text)}" : "execution reverted", outcome.Data);

    private static string TextOf(uint code) => code switch
    {
        OutOfGas => "out of gas: the call used up its gas limit (exit code 7)",
        _ => $"{NameOf(code)} (exit code {code})",
    };

    private static string NameOf(uint code) => code switch
    {
        1 => "the sender cannot send",
        2 => "the sender's nonce or balance is not right",
        5 => "there is no such receiver",
        6 => "insufficient funds",
        34 => "invalid instruction",
        35 => "undefined instruction",
        36 => "stack underflow",
        37 => "stack overflow",
        38 => "illegal memory access",
        39 => "bad jump destination",
        40 => "self-destruct failed",
        _ => "the actor failed",
    };
}
