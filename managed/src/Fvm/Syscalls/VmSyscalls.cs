using System.Buffers.Binary;
using System.Text;

namespace Fvm;

/// <summary>Module <c>vm</c>.</summary>
internal static class VmSyscalls
{
    private const int MaxMessageLength = 1024;

    /// <summary>exit(code, block, message offset, message length)</summary>
    public static Outcome Exit(ref SyscallFrame frame)
    {
        ExitCode code = new(frame.U32(0));
        BlockId block = new(frame.U32(1));
        if (!code.IsSuccess && code.IsSystemError)
        {
            frame.Instance.Park(Abort.Exit(ExitCode.SysIllegalExitCode, $"actor aborted with code {code.Value}", block));
            return Outcome.Exit;
        }

        frame.Instance.Park(Abort.Exit(code, ReadMessage(ref frame), block));
        return Outcome.Exit;
    }

    /// <summary>message_context() → 80 bytes</summary>
    public static Outcome MessageContext(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Kernel.MessageContext(out MessageContextOut context);
        if (!outcome.IsOk)
        {
            return outcome;
        }

        Span<byte> result = frame.Result;
        BinaryPrimitives.WriteUInt64LittleEndian(result, context.Origin.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(result[8..], context.Nonce);
        BinaryPrimitives.WriteUInt64LittleEndian(result[16..], context.Caller.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(result[24..], context.Receiver.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(result[32..], context.Method.Value);
        SyscallFrame.WriteTokens(result[40..], context.ValueReceived);
        SyscallFrame.WriteTokens(result[56..], context.GasPremium);
        BinaryPrimitives.WriteUInt64LittleEndian(result[72..], (ulong)context.Flags);
        return Outcome.Ok;
    }

    private static string ReadMessage(ref SyscallFrame frame)
    {
        if (frame.U32(3) == 0)
        {
            return "actor aborted";
        }

        Outcome outcome = frame.Slice(2, out Span<byte> bytes);
        if (!outcome.IsOk)
        {
            return $"failed to extract error message: {outcome.Message}";
        }

        const int Half = MaxMessageLength / 2;
        return bytes.Length <= MaxMessageLength
            ? Encoding.UTF8.GetString(bytes)
            : $"{Encoding.UTF8.GetString(bytes[..Half])} ... (skipped {bytes.Length - MaxMessageLength} bytes) ... {Encoding.UTF8.GetString(bytes[^Half..])}";
    }
}
