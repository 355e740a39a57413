using System.Buffers.Binary;

namespace Fvm;

/// <summary>The guest's buffers that recorded syscalls keep: those that tell what a contract did.</summary>
internal static class SyscallBuffers
{
    /// <summary>Records a syscall in the message's trace.</summary>
    /// <param name="row">The syscall.</param>
    /// <param name="frame">Its arguments and memory.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="gasBefore">The remaining gas before it.</param>
    public static void Record(SyscallRow row, scoped in SyscallFrame frame, in Outcome outcome, Gas gasBefore)
    {
        ulong[] arguments = new ulong[row.Parameters.Length];
        for (int index = 0; index < arguments.Length; index++)
        {
            arguments[index] = frame.U64(index);
        }

        bool isOk = outcome.IsOk;
        string name = $"{row.Module}.{row.Name}";
        frame.Kernel.Execution.Record(new SyscallEvent(
            name,
            arguments,
            outcome.Kind == OutcomeKind.Error ? outcome.ErrorNumber : null,
            Returned: isOk || outcome.Kind == OutcomeKind.Error,
            isOk ? frame.Result.ToArray() : default,
            InputOf(name, arguments, frame),
            isOk ? OutputOf(name, arguments, frame) : default,
            gasBefore,
            frame.Kernel.Execution.Gas.Available));
    }

    private static byte[] InputOf(string name, ulong[] arguments, scoped in SyscallFrame frame) => name switch
    {
        "actor.resolve_address" or "send.send" => Slice(frame, arguments[0], arguments[1]),

        // The values of an event's entries; before network version 21 its only buffer.
        "event.emit_event" => arguments.Length > 2 ? Slice(frame, arguments[4], arguments[5]) : Slice(frame, arguments[0], arguments[1]),
        _ => [],
    };

    private static byte[] OutputOf(string name, ulong[] arguments, scoped in SyscallFrame frame) => name switch
    {
        "actor.lookup_delegated_address" or "network.tipset_cid" => Slice(frame, arguments[1], LengthIn(frame)),
        "crypto.hash" => Slice(frame, arguments[3], LengthIn(frame)),
        _ => [],
    };

    private static uint LengthIn(scoped in SyscallFrame frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame.Result);

    // Offsets and lengths are unsigned 32-bit numbers; a buffer out of bounds was an error of the syscall.
    private static byte[] Slice(scoped in SyscallFrame frame, ulong offset, ulong length)
    {
        ulong at = (uint)offset;
        ulong count = (uint)length;
        return at + count <= (ulong)frame.Memory.Length ? frame.Memory.Slice((int)at, (int)count).ToArray() : [];
    }
}
