using System.Text;
using System.Text.Json.Nodes;

namespace Fvm.Vectors.Tests;

/// <summary>Example vectors as mutable JSON.</summary>
internal static class VectorJson
{
    /// <summary>An example vector as mutable JSON.</summary>
    public static JsonObject Load(string name) => JsonNode.Parse(File.ReadAllBytes(Repository.PathOf("examples", "vectors", name)))!.AsObject();

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    public static Vector Parse(JsonObject json) => VectorParser.Parse(Bytes(json), "test.json", inSet: false);

    /// <summary>The node at a path such as <c>preconditions.variants[0].nv</c>.</summary>
    public static JsonNode At(JsonObject json, string path)
    {
        JsonNode node = json;
        foreach (string part in path.Replace("[", ".[", StringComparison.Ordinal).Split('.'))
        {
            node = part.StartsWith('[') ? node[int.Parse(part[1..^1], null)]! : node[part]!;
        }

        return node;
    }
}
