using Fvm.Actors;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Fuzz.Tests;

/// <summary>Tests that generated parameters have the forms that they are meant to have.</summary>
public sealed class GeneratorTests
{
    private static readonly int[] Versions = [8, 10, 13, 16, 18, 19];

    [TestCaseSource(nameof(Versions))]
    public void Parameters_of_every_method_fit_its_type_unless_an_item_is_replaced(int version)
    {
        FuzzState state = FuzzState.Open(null, new MemoryBlockstore(), 28, EmptyState.Cid, new MemoryBlockstore());
        FuzzRandom random = new(1);
        ValueSource exact = new(random, state, epoch: 1_000, strays: int.MaxValue);
        int fit = 0;
        int all = 0;
        foreach (string actor in (string[])["init", "multisig", "paymentchannel", "storagemarket", "storageminer", "storagepower", "verifiedregistry"])
        {
            foreach (ActorMethod method in BuiltinActors.Table.MethodsOf(actor, version))
            {
                for (int repeat = 0; repeat < 8; repeat++)
                {
                    byte[] parameters = method.GenerateParameters(exact);
                    if (parameters.Length > 0)
                    {
                        all++;
                        fit += method.DecodeParameters(new IpldBlock(Multicodec.DagCbor, parameters))!.Misfit is null ? 1 : 0;
                    }
                }
            }
        }

        Assert.That(all, Is.GreaterThan(300));
        Assert.That(fit, Is.GreaterThan(all * 7 / 10), $"of {all}");
    }

    [Test]
    public void Programs_for_the_EVM_keep_to_the_size_of_a_contract()
    {
        FuzzState state = FuzzState.Open(null, new MemoryBlockstore(), 28, EmptyState.Cid, new MemoryBlockstore());
        FuzzRandom random = new(3);
        ValueSource values = new(random, state, epoch: 1_000, strays: 8);
        for (int repeat = 0; repeat < 300; repeat++)
        {
            byte[] code = EvmProgram.Initcode(random, values);
            Assert.That(code, Has.Length.InRange(16, 24_576));
            Assert.That(code.AsSpan().IndexOf((byte)0xf3), Is.Positive, "it returns a contract");
        }
    }
}
