using Fvm.Hosting;

namespace Fvm.Native.Tests;

/// <summary>
/// Messages with real proofs from a chain, verified by libfilcrypto's own functions; skipped without the reference material.
/// </summary>
public sealed class RealProofsTests
{
    // Method numbers of the miner actor.
    private const ulong ProveCommitSectors3 = 34;
    private const ulong ProveReplicaUpdates3 = 35;

    // A Groth16 proof of one partition; the proofs here have one or more.
    private const int ProofBytes = 192;

    private ProvenChain _chain = null!;
    private ProofFunctions _functions;

    [OneTimeSetUp]
    public void Load()
    {
        if (ProvenChain.Folder is not string folder)
        {
            Assert.Ignore("there is no lotus/proofs in the reference material (../shared, or FVM_SHARED)");
            return;
        }

        string library = Path.Combine(TestContext.CurrentContext.WorkDirectory, "libproofs.so");
        File.WriteAllBytes(library, ProvenChain.Unpack(Path.Combine(folder, "libproofs.so.xz")));
        _functions = RealProofs.Load(library, Path.Combine(folder, "keys"));
        _chain = ProvenChain.Load(folder);
    }

    [Test]
    public void Nothing_is_missing_in_a_process_with_libfilcrypto() => Assert.That(_functions.Missing, Is.Empty);

    [TestCase(ProveCommitSectors3, 2)]
    [TestCase(ProveReplicaUpdates3, 1)]
    public void A_message_of_the_chain_is_proven_and_a_tampered_one_is_not(ulong method, int messages)
    {
        (Message Message, ProvenChain.Header Header)[] proving = [.. _chain.Messages().Where(found => found.Message.Method.Value == method)];
        Assert.That(proving, Has.Length.EqualTo(messages));
        Log log = new(LogFilter.Parse("off"), asJson: false, static _ => { });
        NativeProofs proofs = new(_functions, NetworkRules.For(NetworkVersion.Nv29), static _ => { }, new MissingProofs(log).Missing);
        foreach ((Message message, ProvenChain.Header header) in proving)
        {
            ApplyRet good = _chain.Apply(message, header, proofs);
            ApplyRet bad = _chain.Apply(message with { Params = Tampered(message.Params) }, header, proofs);

            Assert.That((good.Receipt.ExitCode, good.Failure), Is.EqualTo((ExitCode.Ok, (string?)null)), $"height {header.Height}");
            Assert.That(bad.Receipt.ExitCode, Is.Not.EqualTo(ExitCode.Ok), $"height {header.Height}, tampered");
        }
    }

    // Flips one bit of the first proof: a byte string of this length in the parameters.
    private static byte[] Tampered(ReadOnlyMemory<byte> parameters)
    {
        byte[] tampered = parameters.ToArray();
        for (int partitions = 1; partitions <= 16; partitions++)
        {
            int length = partitions * ProofBytes;
            byte[] mark = length < 256 ? [0x58, (byte)length] : [0x59, (byte)(length >> 8), (byte)length];
            int at = tampered.AsSpan().IndexOf(mark);
            if (at >= 0)
            {
                tampered[at + mark.Length + (ProofBytes / 2)] ^= 1;
                return tampered;
            }
        }

        throw new InvalidOperationException("the parameters hold no proof");
    }
}
