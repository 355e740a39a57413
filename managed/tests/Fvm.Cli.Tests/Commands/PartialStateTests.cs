using System.Text.Json;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class PartialStateTests : CommandFixture
{
    [Test]
    public void A_state_without_its_tree_names_the_missing_node()
    {
        CarBlockstore car = CarBlockstore.LoadFile(Files.Genesis());
        Cid tree = StateRoot.Decode(car.Get(car.Roots[0])).Actors;
        CommandResult result = CommandResult.Of("inspect", Without(car, tree));

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.OutputLines, Does.Contain("  1 of 1 nodes are missing, with all actors below them:").And.Contain($"    {tree}"));
        Assert.That(result.Output, Does.Contain("builtin actors have no names: the system actor f00, which links to the manifest, is missing"));
    }

    [Test]
    public void A_partial_state_that_was_found_is_listed_as_far_as_it_goes()
    {
        string file = Repository.Shared("finds/files/partial.car");

        CommandResult text = CommandResult.Of("inspect", file);
        using JsonDocument json = JsonDocument.Parse(CommandResult.Of("inspect", "--json", file).Output);

        Assert.That(text.ExitCode, Is.EqualTo(0), text.Errors);
        Assert.That(text.Output, Does.Match(@"\n  f0\d+ ").And.Match(@"\n  (\d+) of \d+ nodes are missing"));
        JsonElement root = json.RootElement.GetProperty("roots")[0];
        Assert.That(root.GetProperty("actors").GetArrayLength(), Is.Positive);
        Assert.That(root.GetProperty("missing_nodes").GetArrayLength(), Is.Positive);
        Assert.That(root.GetProperty("nodes").GetInt32(), Is.GreaterThan(root.GetProperty("missing_nodes").GetArrayLength()));
    }

    [Test]
    public void State_trees_that_were_found_are_listed_or_named_with_their_faults()
    {
        Assert.Multiple(() =>
        {
            foreach (string file in Directory.GetFiles(Repository.Shared("finds/files/statetree"), "*.car"))
            {
                CommandResult text = CommandResult.Of("inspect", file);
                CommandResult json = CommandResult.Of("inspect", "--json", file);

                Assert.That(text.ExitCode, Is.InRange(0, 1), $"{file}: {text.Errors}");
                Assert.That(json.ExitCode, Is.EqualTo(text.ExitCode), file);
                Assert.That(text.ExitCode == 1, Is.EqualTo(text.Output.Contains(" faults in nodes:") || text.Output.Contains(" actors are malformed:") || text.Output.Contains(" is malformed: ")), file);
                Assert.That(() => JsonDocument.Parse(json.Output).Dispose(), Throws.Nothing, file);
            }
        });
    }

    [TestCase("ok", 0, "f0100")]
    [TestCase("child-missing", 0, "nodes are missing")]
    [TestCase("hamt-missing", 0, "1 of 1 nodes are missing")]
    [TestCase("actor-4", 1, "1 actors are malformed")]
    [TestCase("root-2", 1, "is malformed: ")]
    [TestCase("ptr-int", 1, "1 faults in nodes")]
    [TestCase("chain52", 1, "deeper than its hashes are long")]
    [TestCase("system-gone", 1, "the system actor f00, which links to the manifest, is missing")]
    [TestCase("sys-missingman", 0, "the manifest's list")]
    [TestCase("man-map", 1, "the manifest is malformed")]
    [TestCase("actor-state-missing", 0, "the states of 1 of ")]
    public void Each_kind_of_fault_is_named(string name, int exitCode, string text)
    {
        CommandResult result = CommandResult.Of("inspect", Repository.Shared($"finds/files/statetree/{name}.car"));

        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Output + result.Errors);
        Assert.That(result.Output, Does.Contain(text));
    }

    [Test]
    public void One_actor_of_a_partial_state_needs_only_the_way_to_it()
    {
        CarBlockstore car = CarBlockstore.LoadFile(Files.Genesis());
        string whole = Files.Genesis();

        Assert.That(CommandResult.Of("inspect", "--actor", "f0100", whole).ExitCode, Is.EqualTo(0));
        CommandResult result = CommandResult.Of("inspect", "--actor", "f0100", Without(car, StateRoot.Decode(car.Get(car.Roots[0])).Actors));
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("partial.car: the actor f0100 cannot be read").And.Contain("is missing"));
    }

    private string Without(CarBlockstore car, Cid dropped)
    {
        using MemoryStream file = new();
        using (CarWriter writer = new(file, [car.Roots[0]], leaveOpen: true))
        {
            writer.WriteMany(car.Blocks.Where(block => block.Key != dropped));
        }

        return Files.Write("partial.car", file.ToArray());
    }
}
