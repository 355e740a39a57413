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
            frame.Instance.Park(Fvm.Abort.Exit(ExitCode.SysIllegalExitCode, $"actor aborted with code {code.Value}", block));
            return Outcome.Exit;
        }

        frame.Instance.Park(Fvm.Abort.Exit(code, ReadMessage(ref frame, 2), block));
        return Outcome.Exit;
    }

    /// <summary>abort(code, message offset, message length), before NV18</summary>
    public static Outcome Abort(ref SyscallFrame frame)
    {
        ExitCode code = new(frame.U32(0));
        Abort abort = code.IsSystemError
            ? Fvm.Abort.Exit(ExitCode.SysIllegalExitCode, $"actor aborted with code {code.Value}")
            : Fvm.Abort.Exit(code, ReadMessage(ref frame, 1));
        frame.Instance.Park(abort);
        return Outcome.Exit;
    }

    /// <summary>context() → 52 bytes, before NV18</summary>
    public static Outcome Context(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Kernel.InvocationContext(out InvocationContextOut context);
        if (!outcome.IsOk) return outcome;

        Span<byte> result = frame.Result;
        SyscallFrame.WriteTokens(result, context.ValueReceived);
        BinaryPrimitives.WriteUInt64LittleEndian(result[16..], context.Caller.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(result[24..], context.Receiver.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(result[32..], context.Method.Value);
        BinaryPrimitives.WriteInt64LittleEndian(result[40..], context.Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(result[48..], context.NetworkVersion);
        return Outcome.Ok;
    }

    /// <summary>message_context() → 80 bytes</summary>
    public static Outcome MessageContext(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Kernel.MessageContext(out MessageContextOut context);
        if (!outcome.IsOk) return outcome;

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

    private static string ReadMessage(ref SyscallFrame frame, int index)
    {
        if (frame.U32(index + 1) == 0) return "actor aborted";

        Outcome outcome = frame.Slice(index, out Span<byte> bytes);
        if (!outcome.IsOk) return $"failed to extract error message: {outcome.Message}";

        const int Half = MaxMessageLength / 2;
        return bytes.Length <= MaxMessageLength
            ? Encoding.UTF8.GetString(bytes)
            : $"{Encoding.UTF8.GetString(bytes[..Half])} ... (skipped {bytes.Length - MaxMessageLength} bytes) ... {Encoding.UTF8.GetString(bytes[^Half..])}";
    }
}
