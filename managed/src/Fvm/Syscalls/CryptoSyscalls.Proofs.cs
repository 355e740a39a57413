using System.Buffers.Binary;
using Fvm.Ipld;
using Fvm.Ipld.Cbor;

namespace Fvm;

/// <content>Module <c>crypto</c>: proofs of storage and of consensus faults. Their arguments are CBOR.</content>
internal static partial class CryptoSyscalls
{
    private delegate T Decode<T>(ref CborReader reader);

    /// <summary>compute_unsealed_sector_cid(proof type, pieces offset, pieces length, cid offset, cid length) → length</summary>
    public static Outcome ComputeUnsealedSectorCid(ref SyscallFrame frame)
    {
        RegisteredSealProof proof = (RegisteredSealProof)frame.I64(0);
        if (!frame.Kernel.IsSealKind((long)proof)) return Outcome.Error(ErrorNumber.IllegalArgument, $"invalid proof type {frame.I64(0)}");

        Outcome outcome = ReadCbor(ref frame, 1, PieceInfo.DecodeList, out PieceInfo[] pieces);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Slice(3, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.ComputeUnsealedSectorCid(proof, pieces, out Cid cid);
        return outcome.IsOk ? frame.WriteCid(cid, buffer) : outcome;
    }

    /// <summary>verify_post(info offset, info length) → 0 or -1</summary>
    public static Outcome VerifyPost(ref SyscallFrame frame)
    {
        Outcome outcome = ReadCbor(ref frame, 0, WindowPostVerifyInfo.Decode, out WindowPostVerifyInfo info);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifyPost(info, out bool valid);
        return outcome.IsOk ? frame.ReturnVerdict(valid) : outcome;
    }

    /// <summary>verify_aggregate_seals(aggregate offset, aggregate length) → 0 or -1</summary>
    public static Outcome VerifyAggregateSeals(ref SyscallFrame frame)
    {
        Outcome outcome = ReadCbor(ref frame, 0, AggregateSealVerifyProofAndInfos.Decode, out AggregateSealVerifyProofAndInfos aggregate);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifyAggregateSeals(aggregate, out bool valid);
        return outcome.IsOk ? frame.ReturnVerdict(valid) : outcome;
    }

    /// <summary>verify_replica_update(update offset, update length) → 0 or -1</summary>
    public static Outcome VerifyReplicaUpdate(ref SyscallFrame frame)
    {
        Outcome outcome = ReadCbor(ref frame, 0, ReplicaUpdateInfo.Decode, out ReplicaUpdateInfo update);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifyReplicaUpdate(update, out bool valid);
        return outcome.IsOk ? frame.ReturnVerdict(valid) : outcome;
    }

    /// <summary>verify_seal(seal offset, seal length) → 0 or -1, before NV18</summary>
    public static Outcome VerifySeal(ref SyscallFrame frame)
    {
        Outcome outcome = ReadCbor(ref frame, 0, SealVerifyInfo.Decode, out SealVerifyInfo info);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifySeal(info, out bool valid);
        return outcome.IsOk ? frame.ReturnVerdict(valid) : outcome;
    }

    /// <summary>batch_verify_seals(batch offset, batch length, verdicts offset): a byte for each seal, 1 where it is valid</summary>
    public static Outcome BatchVerifySeals(ref SyscallFrame frame)
    {
        Outcome outcome = ReadCbor(ref frame, 0, SealVerifyInfo.DecodeBatch, out SealVerifyInfo[] batch);
        if (!outcome.IsOk) return outcome;

        outcome = frame.SliceAt(frame.U32(2), (uint)batch.Length, out Span<byte> verdicts);
        return outcome.IsOk ? frame.Kernel.BatchVerifySeals(batch, verdicts) : outcome;
    }

    /// <summary>
    /// verify_consensus_fault(first header offset, length, second header offset, length, extra header offset, length) → epoch, target,
    /// fault type, all 0 for none
    /// </summary>
    public static Outcome VerifyConsensusFault(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(0, out Span<byte> first);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Slice(2, out Span<byte> second);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Slice(4, out Span<byte> extra);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifyConsensusFault(first, second, extra, out ConsensusFault? found);
        if (!outcome.IsOk) return outcome;

        ConsensusFault fault = found ?? default;
        BinaryPrimitives.WriteInt64LittleEndian(frame.Result, fault.Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.Result[8..], fault.Target.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Result[16..], (uint)fault.Type);
        return Outcome.Ok;
    }

    // Decoding costs no gas of its own, so only builtin actors get here with large arguments; whatever does not decode is the caller's fault.
    private static Outcome ReadCbor<T>(ref SyscallFrame frame, int index, Decode<T> decode, out T value)
    {
        value = default!;
        Outcome outcome = frame.Slice(index, out Span<byte> bytes);
        if (!outcome.IsOk) return outcome;

        CborReader reader = CborReader.Noting(bytes);
        value = decode(ref reader);
        return reader.Fault is string fault ? Outcome.Error(ErrorNumber.IllegalArgument, fault) : Outcome.Ok;
    }
}
