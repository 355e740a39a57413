namespace Fvm;

/// <summary>Module <c>event</c>.</summary>
internal static class EventSyscalls
{
    /// <summary>emit_event(heads offset, heads count, keys offset, keys length, values offset, values length)</summary>
    public static Outcome EmitEvent(ref SyscallFrame frame)
    {
        ulong size = (ulong)frame.U32(1) * EventEntryHead.Size;
        if (size > uint.MaxValue) return Outcome.Error(ErrorNumber.IllegalArgument, "events index out of bounds");

        if (!frame.TrySliceAt(frame.U32(0), (uint)size, out Span<byte> packed)) return frame.Refusal;
        if (!frame.TrySlice(2, out Span<byte> keys)) return frame.Refusal;
        if (!frame.TrySlice(4, out Span<byte> values)) return frame.Refusal;

        return frame.Kernel.EmitEvent(packed, keys, values);
    }

    /// <summary>emit_event(event offset, event length), before NV21</summary>
    public static Outcome EmitEncodedEvent(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(0, out Span<byte> encoded)) return frame.Refusal;

        return frame.Kernel.EmitEncodedEvent(encoded);
    }
}
