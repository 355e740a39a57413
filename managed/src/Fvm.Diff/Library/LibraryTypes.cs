using System.Text;

namespace Fvm.Diff;

/// <summary>Bytes lent for a call (C: <c>slice_ref_uint8_t</c>).</summary>
internal struct LentBytes
{
    public nint Pointer;
    public nuint Length;
}

/// <summary>Bytes of a response (C: <c>slice_boxed_uint8_t</c>); a pointer of zero is an absent value.</summary>
internal struct OwnedBytes
{
    // Far more than any result has.
    private const int MaxLength = 512 << 20;

    public nint Pointer;
    public nuint Length;

    public readonly bool IsPresent => Pointer != 0;

    /// <summary>A copy; empty for an absent value.</summary>
    /// <exception cref="LibraryException">The length cannot be right.</exception>
    // Sound: the library says that as many bytes are there until the response is destroyed; this process exists to be ended by a wrong one.
    public readonly unsafe byte[] Copy()
    {
        if (Pointer == 0 || Length == 0)
        {
            return [];
        }

        // Sound: as above.
        return Length <= MaxLength
            ? new ReadOnlySpan<byte>((void*)Pointer, (int)Length).ToArray()
            : throw new LibraryException($"the library returned a slice of {Length} bytes");
    }

    public readonly string Text() => Encoding.UTF8.GetString(Copy());
}

/// <summary>An amount in attoFIL, the high half first.</summary>
internal struct AmountHalves
{
    public ulong High;
    public ulong Low;

    public static AmountHalves Of(string attoFil) => UInt128.TryParse(attoFil, out UInt128 value)
        ? new AmountHalves { High = (ulong)(value >> 64), Low = (ulong)value }
        : throw new LibraryException($"an amount of {attoFil} does not fit into the C interface");

    public override readonly string ToString() => new UInt128(High, Low).ToString();
}

/// <summary>C: <c>Result_InnerFvmMachine_ptr_t</c>.</summary>
internal struct MachineResponse
{
    public int Status;
    public OwnedBytes Error;
    public nint Machine;
}

/// <summary>C: <c>Result_slice_boxed_uint8_t</c>.</summary>
internal struct BytesResponse
{
    public int Status;
    public OwnedBytes Error;
    public OwnedBytes Value;
}

/// <summary>C: <c>Result_FvmMachineExecuteResponse_t</c>.</summary>
internal struct MessageResponse
{
    public int Status;
    public OwnedBytes Error;
    public ulong ExitCode;
    public OwnedBytes Return;
    public ulong GasUsed;
    public AmountHalves Penalty;
    public AmountHalves MinerTip;
    public AmountHalves BaseFeeBurn;
    public AmountHalves OverEstimationBurn;
    public AmountHalves Refund;
    public ulong GasRefund;
    public ulong GasBurned;
    public OwnedBytes Trace;
    public OwnedBytes FailureInfo;
    public OwnedBytes Events;
    public OwnedBytes EventsRoot;
}

/// <summary>A library that refuses a call, or breaks the rules of the C interface.</summary>
internal sealed class LibraryException(string message) : Exception(message);
