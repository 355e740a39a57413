using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class MutatedVectorsTests
{
    [Test]
    public void A_vector_with_bytes_changed_gives_a_result_or_a_clear_error_and_never_anything_else()
    {
        byte[] original = File.ReadAllBytes(Repository.PathOf("examples", "vectors", "counter-nv21.json"));
        using VectorReplayer replayer = new(new ReplaySettings());
        Gen<(int At, byte Value)[]> changes =
            Gen.Choose(0, original.Length - 1).Zip(Gen.Choose(0, 255).Select(value => (byte)value)).ArrayOf(2);

        ExecutionThread.Run(() =>
        {
            Prop.ForAll(changes.ToArbitrary(), change =>
            {
                byte[] mutated = [.. original];
                foreach ((int at, byte value) in change)
                {
                    mutated[at] = value;
                }

                return IsClear(replayer, mutated);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
            return 0;
        });
    }

    [TestCase(0)]
    [TestCase(100)]
    [TestCase(5000)]
    public void A_vector_that_is_cut_off_is_refused(int length)
    {
        byte[] original = File.ReadAllBytes(Repository.PathOf("examples", "vectors", "counter-nv21.json"));

        Assert.That(() => VectorParser.Parse(original.AsMemory(0, length), "f", inSet: false), Throws.TypeOf<InputException>());
    }

    private static bool IsClear(VectorReplayer replayer, byte[] json)
    {
        Vector vector;
        try
        {
            vector = VectorParser.Parse(json, "mutated.json", inSet: false);
        }
        catch (InputException)
        {
            return true;
        }

        VectorResult result = replayer.Replay(vector, vector.Variants[0]);

        // A fault of the machine shows as the name of an exception in the outcome.
        return !result.Differences.Any(difference => difference.Field == "outcome" && difference.Actual.Contains("Exception", StringComparison.Ordinal));
    }
}
