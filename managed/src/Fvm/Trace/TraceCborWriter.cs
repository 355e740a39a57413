using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Encodes a trace as the tree that clients read through the C ABI: one call, a list of [message, result, invoked actor or null, gas charges,
/// subcalls, logs, block operations]. Charges before the outermost call are put first in it; anything after its return is dropped. Gas is
/// whole gas, each number rounded up separately.
/// </summary>
public static class TraceCborWriter
{
    /// <summary>The tree in CBOR; null if there was no call, a call has no end, or an amount is too large.</summary>
    public static byte[]? Encode(ExecutionTrace trace)
    {
        if (TracedCall.Outermost(trace) is not TracedCall call)
        {
            return null;
        }

        try
        {
            CborWriter writer = new(4096);
            WriteCall(writer, call);
            return writer.ToArray();
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // Recurses to the depth of actor calls, which the machine limits.
    private static void WriteCall(CborWriter writer, TracedCall call)
    {
        writer.WriteArrayHeader(7);
        WriteMessage(writer, call.Begin);
        writer.WriteArrayHeader(3);
        writer.WriteUInt(call.ExitCode.Value);
        WriteBlock(writer, call.Result);
        WriteInvoked(writer, call.Invoked);
        writer.WriteArrayHeader(call.Charges.Count);
        foreach (GasCharge charge in call.Charges)
        {
            WriteCharge(writer, charge);
        }

        writer.WriteArrayHeader(call.Calls.Count);
        foreach (TracedCall inner in call.Calls)
        {
            WriteCall(writer, inner);
        }

        writer.WriteArrayHeader(call.Logs.Count);
        foreach (string log in call.Logs)
        {
            writer.WriteText(log);
        }

        writer.WriteArrayHeader(call.Blocks.Count);
        foreach (IpldEvent block in call.Blocks)
        {
            writer.WriteArrayHeader(3);
            writer.WriteUInt((ulong)block.Operation);
            writer.WriteCid(block.Cid);
            writer.WriteUInt((ulong)block.Size);
        }
    }

    private static void WriteMessage(CborWriter writer, CallEvent call)
    {
        writer.WriteArrayHeader(8);
        CborFields.WriteAddress(writer, Address.NewId(call.From));
        CborFields.WriteAddress(writer, call.To);
        CborFields.WriteAmount(writer, call.Value);
        writer.WriteUInt(call.Method.Value);
        WriteBlock(writer, call.Params);
        writer.WriteUInt(call.GasLimit);
        writer.WriteBool(call.ReadOnly);
    }

    // Two fields: data and codec. No block is encoded as empty data of codec zero.
    private static void WriteBlock(CborWriter writer, IpldBlock? block)
    {
        writer.WriteBytes(block is null ? default : block.Data.Span);
        writer.WriteUInt(block?.Codec ?? 0);
    }

    private static void WriteInvoked(CborWriter writer, InvokeActorEvent? invoked)
    {
        if (invoked is null)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteArrayHeader(2);
        writer.WriteUInt(invoked.Id.Value);
        invoked.State.WriteTo(writer, StateTreeVersion.V5);
    }

    private static void WriteCharge(CborWriter writer, in GasCharge charge)
    {
        writer.WriteArrayHeader(5);
        writer.WriteText(charge.Name);
        writer.WriteUInt(charge.Total.RoundUp());
        writer.WriteUInt(charge.Compute.RoundUp());
        writer.WriteUInt(charge.Other.RoundUp());

        // Duration in nanoseconds: not measured.
        writer.WriteUInt(0);
    }
}
