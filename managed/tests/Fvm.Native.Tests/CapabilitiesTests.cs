using System.Text.Json;

namespace Fvm.Native.Tests;

public sealed class CapabilitiesTests
{
    private static readonly Capabilities Some = new()
    {
        Version = "1.2.3",
        Commit = "unknown",
        Engine = "interpreter",
        Lanes = 4,
        MissingProofs = ["verify_seal"],
    };

    [Test]
    public void The_keys_are_those_that_the_header_documents()
    {
        using JsonDocument json = JsonDocument.Parse(Some.ToJson());
        string header = File.ReadAllText(Repository.PathOf("native", "include", "filcrypto.h"));

        foreach (JsonProperty property in json.RootElement.EnumerateObject())
        {
            Assert.That(header, Does.Contain($"- {property.Name} "), property.Name);
            Assert.That(property.Name, Does.Match("^[a-z_]+$"));
        }
    }

    [Test]
    public void The_values_are_those_of_the_library()
    {
        using JsonDocument json = JsonDocument.Parse(Some.ToJson());
        JsonElement root = json.RootElement;

        Assert.Multiple(() =>
        {
            Assert.That(root.GetProperty("version").GetString(), Is.EqualTo("1.2.3"));
            Assert.That(root.GetProperty("commit").GetString(), Is.EqualTo("unknown"));
            Assert.That(root.GetProperty("network_versions").EnumerateArray().Select(nv => nv.GetInt32()), Is.EqualTo(Enumerable.Range(16, 14)));
            Assert.That(root.GetProperty("engines").EnumerateArray().Select(engine => engine.GetString()), Does.Contain("interpreter"));
            Assert.That(root.GetProperty("engine").GetString(), Is.EqualTo("interpreter"));
            Assert.That(root.GetProperty("lanes").GetInt32(), Is.EqualTo(4));
            Assert.That(root.GetProperty("guard_pages").GetBoolean(), Is.False);
            Assert.That(root.GetProperty("missing_proofs").EnumerateArray().Select(name => name.GetString()), Is.EqualTo(["verify_seal"]));
            Assert.That(root.GetProperty("processor_features").GetArrayLength(), Is.GreaterThanOrEqualTo(0));
        });
    }

    [Test]
    public void The_line_of_the_log_says_the_same()
    {
        string line = Some.ToLine();

        Assert.That(line, Does.StartWith("fvm 1.2.3, commit unknown, network versions 16 to 29, engine interpreter of "));
        Assert.That(line, Does.EndWith("no verify_seal").And.Not.Contain("\n"));
    }
}
