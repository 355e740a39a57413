using System.Text.Json;

namespace Fvm.Cli;

/// <summary>Writes network versions, or the differences between two of them, as JSON.</summary>
internal static class NetworksJson
{
    /// <summary>Each version with its rules and number of syscalls.</summary>
    public static void WriteAll(Utf8JsonWriter json) => json.WriteObjects("networks", Enum.GetValues<NetworkVersion>(), static (json, version) =>
    {
        NetworkRules rules = NetworkRules.For(version);
        json.WriteNumber("network_version", (uint)version);
        json.WriteNumber("syscall_count", SyscallSignature.AllOf(rules).Count);
        foreach ((string name, string value) in NetworkFacts.Of(rules))
        {
            json.WriteString(KeyOf(name), value);
        }
    });

    /// <summary>The differences, each with both values; null for an absent value.</summary>
    public static void WriteDifferences(Utf8JsonWriter json, NetworkRules before, NetworkRules after)
    {
        json.WriteNumber("before", (uint)before.Version);
        json.WriteNumber("after", (uint)after.Version);
        json.WriteObjects(
            "rules",
            NetworkFacts.Of(before).Zip(NetworkFacts.Of(after)).Where(static pair => pair.First.Value != pair.Second.Value),
            static (json, pair) =>
            {
                json.WriteString("name", KeyOf(pair.First.Name));
                json.WriteString("before", pair.First.Value);
                json.WriteString("after", pair.Second.Value);
            });
        json.WriteObjects(
            "prices",
            Enum.GetValues<Price>().Where(price => before.Prices.MilliOf(price) != after.Prices.MilliOf(price)),
            (json, price) =>
            {
                json.WriteString("name", KeyOf(price.ToString()));
                json.WriteNumber("before_milligas", before.Prices.MilliOf(price));
                json.WriteNumber("after_milligas", after.Prices.MilliOf(price));
            });
        Dictionary<string, string> old = SyscallsOf(before);
        Dictionary<string, string> changed = SyscallsOf(after);
        json.WriteObjects(
            "syscalls",
            old.Keys.Union(changed.Keys).Order(StringComparer.Ordinal).Where(name => old.GetValueOrDefault(name) != changed.GetValueOrDefault(name)),
            (json, name) =>
            {
                json.WriteString("name", name);
                json.WriteText("before", old.GetValueOrDefault(name));
                json.WriteText("after", changed.GetValueOrDefault(name));
            });
    }

    // Turns C# names into JSON keys: MaxKeyLength becomes max_key_length, a dot becomes an underscore.
    private static string KeyOf(string name)
    {
        System.Text.StringBuilder key = new();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && key.Length > 0 && key[^1] != '_')
            {
                key.Append('_');
            }

            key.Append(letter == '.' ? '_' : char.ToLowerInvariant(letter));
        }

        return key.ToString();
    }

    private static Dictionary<string, string> SyscallsOf(NetworkRules rules) =>
        SyscallSignature.AllOf(rules).ToDictionary(static call => $"{call.Module}.{call.Name}", static call => call.ToString());
}
