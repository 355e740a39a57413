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

    // The selectors of Error(string) and Panic(uint256).
    private const uint ErrorSelector = 0x08c379a0;
    private const uint PanicSelector = 0x4e487b71;

    /// <summary>The error of a call that did not succeed.</summary>
    public static RpcException Of(CallOutcome outcome)
    {
        string reason = ReasonOf(outcome.Data) is string text ? $": {PrintableText.Of(text)}" : string.Empty;
        return outcome.ExitCode.Value switch
        {
            33 => RpcException.OfRevert($"execution reverted{reason}", outcome.Data),
            7 => new RpcException(RpcErrorCode.OutOfGas, "out of gas: the call used up its gas limit (exit code 7)"),
            uint code => RpcException.OfRevert($"execution reverted: {NameOf(code)} (exit code {code})", outcome.Data),
        };
    }

    /// <summary>The error of a failure; null if it is none that is foreseen.</summary>
    public static RpcException? Of(Exception exception) => exception switch
    {
        CallFailedException failed => Of(failed.Outcome),
        RefusedException or EthereumException => new RpcException(RpcErrorCode.ServerError, exception.Message),
        Ipld.BlockstoreException => new RpcException(RpcErrorCode.ServerError, exception.Message),
        FatalException { InnerException: Ipld.BlockstoreException inner } => new RpcException(RpcErrorCode.ServerError, inner.Message),
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
