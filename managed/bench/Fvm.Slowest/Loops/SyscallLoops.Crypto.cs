using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Slowest;

internal static partial class SyscallLoops
{
    // The compressed generators of the BLS12-381 groups, and the x coordinate of the secp256k1 generator: points that decode.
    private const string BlsKey =
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";

    private const string BlsSignature =
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";

    private const string SecpPoint = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

    private static readonly (string Name, ulong Code)[] Hashes =
    [
        ("sha2-256", 0x12), ("keccak-256", 0x1b), ("ripemd-160", 0x1053), ("blake2b-256", 0xb220), ("blake2b-512", 0xb240),
    ];

    private static IEnumerable<Loop> Crypto() =>
    [
        .. from hash in Hashes from size in Sizes select Hash(hash.Name, hash.Code, size),
        New("crypto.hash of no code", $"{Out} i64.const 1 i32.const 0 i32.const 0 i32.const {Buffer} i32.const 64 call crypto.hash"),
        .. from size in Sizes select VerifySignature("bls", 2, Convert.FromHexString(BlsSignature), Address.NewBls(Convert.FromHexString(BlsKey)), size),
        .. from size in Sizes select VerifySignature("secp256k1", 1, SecpSignature(), LoopVector.Sender, size),
        VerifySignature("bls, malformed", 2, new byte[96], Address.NewBls(Convert.FromHexString(BlsKey)), 32),
        VerifySignature("secp256k1, malformed", 1, new byte[65], LoopVector.Sender, 32),
        .. from signers in (int[])[0, 1, 2, 10, 100] select VerifyAggregate(signers),
        Recover("", SecpSignature()),
        Recover(", malformed", new byte[65]),
        .. from proof in (int[])[0, 3, 8, 9, 14] select UnsealedSector(proof, 0, 0),
        UnsealedSector(8, 1, 128),
        UnsealedSector(8, 1, 1L << 35),
        UnsealedSector(8, 2, 1L << 34),
        UnsealedSector(8, 10, 1L << 30),
        UnsealedSector(8, 1_000, 1L << 20),
        UnsealedSector(8, 1_000, 128),
        UnsealedSector(99, 0, 0),
    ];

    private static Loop Hash(string name, ulong code, int size) => New(
        string.Create(CultureInfo.InvariantCulture, $"crypto.hash {name} of {size}"),
        string.Create(CultureInfo.InvariantCulture, $"{Out} i64.const {code} i32.const 0 i32.const {size} i32.const {Buffer} i32.const 64 call crypto.hash"));

    private static byte[] SecpSignature()
    {
        byte[] signature = new byte[65];
        Convert.FromHexString(SecpPoint).CopyTo(signature, 0);
        signature.AsSpan(32, 32).Fill(0x37);
        return signature;
    }

    private static Loop VerifySignature(string name, int type, byte[] signature, Address signer, int size)
    {
        DataArea data = new();
        string arguments = $"{data.Add(signature)} {data.Add(signer.ToBytes())}";
        return New(
            string.Create(CultureInfo.InvariantCulture, $"crypto.verify_signature {name} of {size}"),
            string.Create(CultureInfo.InvariantCulture, $"{Out} i32.const {type} {arguments} i32.const 0 i32.const {size} call crypto.verify_signature"),
            data);
    }

    private static Loop VerifyAggregate(int signers)
    {
        DataArea data = new();
        List<byte> keys = [];
        List<byte> lengths = [];
        for (int i = 0; i < signers; i++)
        {
            keys.AddRange(Convert.FromHexString(BlsKey));
            lengths.AddRange(BitConverter.GetBytes(32 + i));
        }

        string arguments = $"{data.AddFixed(Convert.FromHexString(BlsSignature))} {data.AddFixed([.. keys])} i32.const 0 {data.AddFixed([.. lengths])}";
        return New($"crypto.verify_bls_aggregate of {signers}", $"{Out} i32.const {signers} {arguments} call crypto.verify_bls_aggregate", data);
    }

    private static Loop Recover(string name, byte[] signature)
    {
        DataArea data = new();
        string digest = data.AddFixed(Convert.FromHexString(SecpPoint));
        return New($"crypto.recover_secp_public_key{name}", $"{Out} {digest} {data.AddFixed(signature)} call crypto.recover_secp_public_key", data);
    }

    private static Loop UnsealedSector(int proof, int pieces, long size)
    {
        DataArea data = new();
        CborWriter list = new();
        list.WriteArrayHeader(pieces);
        for (int i = 0; i < pieces; i++)
        {
            byte[] commitment = new byte[32];
            commitment[0] = (byte)i;
            list.WriteArrayHeader(2);
            list.WriteUInt((ulong)size);
            list.WriteCid(Commitments.ToUnsealedCid(commitment));
        }

        return New(
            string.Create(CultureInfo.InvariantCulture, $"crypto.compute_unsealed_sector_cid of proof {proof}, {pieces} pieces of {size}"),
            string.Create(CultureInfo.InvariantCulture, $"{Out} i64.const {proof} {data.Add(list.ToArray())} i32.const {Buffer} i32.const 100 call crypto.compute_unsealed_sector_cid"),
            data);
    }

    // Decoding only: proof verification is not part of the machine.
    private static IEnumerable<Loop> Proofs()
    {
        DataArea data = new();
        string none = data.Add([0x80]);
        string bad = data.Add([0xff, 0xff]);
        foreach ((string name, string arguments) in ((string, string)[])[("of an empty list", none), ("of what is no CBOR", bad)])
        {
            yield return New($"crypto.verify_post {name}", $"{Out} {arguments} call crypto.verify_post", data);
            yield return New($"crypto.verify_aggregate_seals {name}", $"{Out} {arguments} call crypto.verify_aggregate_seals", data);
            yield return New($"crypto.verify_replica_update {name}", $"{Out} {arguments} call crypto.verify_replica_update", data);
            yield return New($"crypto.batch_verify_seals {name}", $"{arguments} i32.const {Buffer} call crypto.batch_verify_seals", data);
            yield return New($"crypto.verify_consensus_fault {name}", $"{Out} {arguments} {arguments} {arguments} call crypto.verify_consensus_fault", data);
        }
    }
}
