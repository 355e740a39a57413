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

    /// <summary>context() → <see cref="InvocationContextOut"/>, before NV18</summary>
    public static Outcome Context(ref SyscallFrame frame)
    {
        if (!frame.Passed(frame.Kernel.InvocationContext(out InvocationContextOut context))) return frame.Refusal;

        return frame.ReturnPacked(context);
    }

    /// <summary>message_context() → <see cref="MessageContextOut"/></summary>
    public static Outcome MessageContext(ref SyscallFrame frame)
    {
        if (!frame.Passed(frame.Kernel.MessageContext(out MessageContextOut context))) return frame.Refusal;

        return frame.ReturnPacked(context);
    }

    private static string ReadMessage(ref SyscallFrame frame, int index)
    {
        if (frame.U32(index + 1) == 0) return "actor aborted";

        if (!frame.TrySlice(index, out Span<byte> bytes)) return $"failed to extract error message: {frame.Refusal.Message}";

        const int Half = MaxMessageLength / 2;
        return bytes.Length <= MaxMessageLength
            ? Encoding.UTF8.GetString(bytes)
            : $"{Encoding.UTF8.GetString(bytes[..Half])} ... (skipped {bytes.Length - MaxMessageLength} bytes) ... "
            + $"{Encoding.UTF8.GetString(bytes[^Half..])}";
    }
}
