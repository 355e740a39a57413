using Fvm.Ipld;

namespace Fvm;

/// <content>Module <c>crypto</c>: proofs of storage and of consensus faults. Their arguments are CBOR.</content>
internal static partial class CryptoSyscalls
{
    private delegate T Decode<T>(ref CborReader reader);

    private delegate Outcome Verify<in T>(Kernel kernel, T proof, out bool valid);

    /// <summary>compute_unsealed_sector_cid(proof type, pieces offset, pieces length, cid offset, cid length) → length</summary>
    public static Outcome ComputeUnsealedSectorCid(ref SyscallFrame frame)
    {
        RegisteredSealProof proof = (RegisteredSealProof)frame.I64(0);
        if (!frame.Kernel.IsSealKind((long)proof)) return Outcome.Error(ErrorNumber.IllegalArgument, $"invalid proof type {frame.I64(0)}");

        if (!TryReadCbor(ref frame, 1, PieceInfo.DecodeList, out PieceInfo[] pieces)) return frame.Refusal;
        if (!frame.TrySlice(3, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.ComputeUnsealedSectorCid(proof, pieces, out Cid cid))) return frame.Refusal;

        return frame.WriteCid(cid, buffer);
    }

    /// <summary>verify_post(info offset, info length) → 0 or -1</summary>
    public static Outcome VerifyPost(ref SyscallFrame frame) => Verdict<WindowPostVerifyInfo>(
        ref frame, WindowPostVerifyInfo.Decode, static (kernel, proof, out valid) => kernel.VerifyPost(proof, out valid));

    /// <summary>verify_aggregate_seals(aggregate offset, aggregate length) → 0 or -1</summary>
    public static Outcome VerifyAggregateSeals(ref SyscallFrame frame) => Verdict<AggregateSealVerifyProofAndInfos>(
        ref frame, AggregateSealVerifyProofAndInfos.Decode, static (kernel, proof, out valid) => kernel.VerifyAggregateSeals(proof, out valid));

    /// <summary>verify_replica_update(update offset, update length) → 0 or -1</summary>
    public static Outcome VerifyReplicaUpdate(ref SyscallFrame frame) => Verdict<ReplicaUpdateInfo>(
        ref frame, ReplicaUpdateInfo.Decode, static (kernel, proof, out valid) => kernel.VerifyReplicaUpdate(proof, out valid));

    /// <summary>verify_seal(seal offset, seal length) → 0 or -1, before NV18</summary>
    public static Outcome VerifySeal(ref SyscallFrame frame) => Verdict<SealVerifyInfo>(
        ref frame, SealVerifyInfo.Decode, static (kernel, proof, out valid) => kernel.VerifySeal(proof, out valid));

    /// <summary>batch_verify_seals(batch offset, batch length, results offset): one byte per seal, 1 if valid</summary>
    public static Outcome BatchVerifySeals(ref SyscallFrame frame)
    {
        if (!TryReadCbor(ref frame, 0, SealVerifyInfo.DecodeBatch, out SealVerifyInfo[] batch)) return frame.Refusal;
        if (!frame.TrySliceAt(frame.U32(2), (uint)batch.Length, out Span<byte> verdicts)) return frame.Refusal;

        return frame.Kernel.BatchVerifySeals(batch, verdicts);
    }

    /// <summary>
    /// verify_consensus_fault(first header offset, length, second header offset, length, extra header offset, length) →
    /// <see cref="ConsensusFaultOut"/>, all 0 for none
    /// </summary>
    public static Outcome VerifyConsensusFault(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(0, out Span<byte> first)) return frame.Refusal;
        if (!frame.TrySlice(2, out Span<byte> second)) return frame.Refusal;
        if (!frame.TrySlice(4, out Span<byte> extra)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.VerifyConsensusFault(first, second, extra, out ConsensusFault? found))) return frame.Refusal;

        ConsensusFault fault = found ?? default;
        return frame.ReturnPacked(new ConsensusFaultOut(fault.Epoch, fault.Target, fault.Type));
    }

    private static Outcome Verdict<T>(ref SyscallFrame frame, Decode<T> decode, Verify<T> verify)
    {
        if (!TryReadCbor(ref frame, 0, decode, out T proof)) return frame.Refusal;
        if (!frame.Passed(verify(frame.Kernel, proof, out bool valid))) return frame.Refusal;

        return frame.ReturnVerdict(valid);
    }

    // Decoding is not charged separately, so only builtin actors get here with large arguments; malformed input is the caller's error.
    private static bool TryReadCbor<T>(ref SyscallFrame frame, int index, Decode<T> decode, out T value)
    {
        value = default!;
        if (!frame.TrySlice(index, out Span<byte> bytes)) return false;

        CborReader reader = CborReader.Noting(bytes);
        value = decode(ref reader);
        return frame.Passed(reader.Fault is string fault ? Outcome.Error(ErrorNumber.IllegalArgument, fault) : Outcome.Ok);
    }
}
