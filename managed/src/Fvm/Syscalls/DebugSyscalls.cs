using System.Text;
using System.Text.Unicode;

namespace Fvm;

/// <summary>Module <c>debug</c>. With actor debugging off its syscalls do nothing, whatever their arguments.</summary>
internal static class DebugSyscalls
{
    /// <summary>log(message offset, message length)</summary>
    public static Outcome Log(ref SyscallFrame frame)
    {
        if (!frame.Kernel.IsDebugEnabled) return Outcome.Ok;

        if (!frame.TrySlice(0, out Span<byte> message)) return frame.Refusal;

        if (!Utf8.IsValid(message)) return Outcome.Error(ErrorNumber.IllegalArgument, "the log message is not UTF-8");

        frame.Kernel.Log(Encoding.UTF8.GetString(message));
        return Outcome.Ok;
    }

    /// <summary>enabled() → 0 for yes, -1 for no</summary>
    public static Outcome Enabled(ref SyscallFrame frame) => frame.ReturnVerdict(frame.Kernel.IsDebugEnabled);

    /// <summary>store_artifact(name offset, name length, data offset, data length)</summary>
    public static Outcome StoreArtifact(ref SyscallFrame frame)
    {
        if (!frame.Kernel.IsDebugEnabled) return Outcome.Ok;

        if (!frame.TrySlice(2, out Span<byte> data)) return frame.Refusal;
        if (!frame.TrySlice(0, out Span<byte> name)) return frame.Refusal;

        return Utf8.IsValid(name)
            ? frame.Kernel.StoreArtifact(Encoding.UTF8.GetString(name), data)
            : Outcome.Error(ErrorNumber.IllegalArgument, "the artifact's name is not UTF-8");
    }
}
