using System.Text.Unicode;

namespace Fvm;

/// <summary>Module <c>gas</c>.</summary>
internal static class GasSyscalls
{
    /// <summary>charge(name offset, name length, gas)</summary>
    public static Outcome Charge(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(0, out Span<byte> name)) return frame.Refusal;

        return Utf8.IsValid(name)
            ? frame.Kernel.ChargeGas(name, frame.U64(2))
            : Outcome.Error(ErrorNumber.IllegalArgument, "the charge's name is not UTF-8");
    }

    /// <summary>charge(name offset, name length, gas), before NV18</summary>
    public static Outcome ChargeSignedGas(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(0, out Span<byte> name)) return frame.Refusal;

        return Utf8.IsValid(name)
            ? frame.Kernel.ChargeSignedGas(name, frame.I64(2))
            : Outcome.Error(ErrorNumber.IllegalArgument, "the charge's name is not UTF-8");
    }

    /// <summary>available() → gas</summary>
    public static Outcome Available(ref SyscallFrame frame) => frame.Return(frame.Kernel.GasAvailable());
}
