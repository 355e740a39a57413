namespace Fvm;

/// <summary>Module <c>event</c>.</summary>
internal static class EventSyscalls
{
    /// <summary>emit_event(heads offset, heads count, keys offset, keys length, values offset, values length)</summary>
    public static Outcome EmitEvent(ref SyscallFrame frame)
    {
        ulong size = (ulong)frame.U32(1) * EventEntryHead.Size;
        if (size > uint.MaxValue) return Outcome.Error(ErrorNumber.IllegalArgument, "events index out of bounds");

        Outcome outcome = frame.SliceAt(frame.U32(0), (uint)size, out Span<byte> packed);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Slice(2, out Span<byte> keys);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Slice(4, out Span<byte> values);
        if (!outcome.IsOk) return outcome;

        return frame.Kernel.EmitEvent(packed, keys, values);
    }

    /// <summary>emit_event(event offset, event length), before NV21</summary>
    public static Outcome EmitEncodedEvent(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(0, out Span<byte> encoded);
        return outcome.IsOk ? frame.Kernel.EmitEncodedEvent(encoded) : outcome;
    }
}
