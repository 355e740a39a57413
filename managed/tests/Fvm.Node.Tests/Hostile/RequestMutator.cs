using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fvm.Node.Tests;

/// <summary>Makes malformed and strange requests of well-formed ones. The same seed gives the same requests.</summary>
/// <param name="requests">The well-formed ones.</param>
/// <param name="transactions">Makes transactions.</param>
/// <param name="random">The source of choices.</param>
internal sealed class RequestMutator(
    IReadOnlyList<(string Method, string Parameters)> requests, TransactionMutator transactions, Random random)
{
    private const int MaxBatch = 5;

    // What stands at the borders of types, ranges and forms.
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2", "0.5", "-0", "1e3", "1e400", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "-9223372036854775808", "115792089237316195423570985008687907853269984665640564039457584007913129639936",
        "\"\"", "\" \"", "\"0\"", "\"1\"", "\"-1\"", "\"0x\"", "\"0x0\"", "\"0x1\"", "\"0X1F\"", "\"0x00000001\"", "\"0xg\"", "\"0x0x\"", "\"0x 1\"",
        "\"0x7fffffffffffffff\"", "\"0x8000000000000000\"", "\"0xffffffffffffffff\"", "\"0x10000000000000000\"", "\"18446744073709551615\"",
        "\"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"", "\"0x10000000000000000000000000000000000000000000000000000000000000000\"",
        "\"0x0000000000000000000000000000000000000000\"", "\"0xff000000000000000000000000000000000003e8\"", "\"0xffffffffffffffffffffffffffffffffffffffff\"",
        "\"0x0000000000000000000000000000000000000000000000000000000000000000\"", "\"0xfe00000000000000000000000000000000000001\"",
        "\"latest\"", "\"pending\"", "\"safe\"", "\"finalized\"", "\"earliest\"", "\"Latest\"", "\"callTracer\"", "\"4byteTracer\"", "\"stateDiff\"",
        "\"f00\"", "\"t099\"", "\"f0100\"", "\"t01000\"", "\"f018446744073709551615\"", "\"f01\"", "\"t05\"", "\"f1\"", "\"f410f\"", "\"t2aaaa\"",
        "\"AAAA\"", "\"====\"", "\"gA==\"", "\"gf8=\"", "\"m///////////\"", "\"\\u0000\"", "\"\\u202e\\ud83d\\ude00\"", "\"ü\\n\\u0007\"",
        "[]", "{}", "[null]", "[[]]", "[[],[],[],[],[]]", "{\"/\":\"\"}", "{\"/\":{\"/\":1}}", "{\"blockNumber\":{\"blockNumber\":\"0x1\"}}",
        "{\"blockHash\":null,\"blockNumber\":\"0x1\"}", "{\"\":{}}",
        "{\"/\":\"bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2\"}", "{\"/\":\"bafkqaaa\"}", "{\"/\":\"bafyaa\"}",
        "\"QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n\"",
    ];

    // What the library for JSON does not write: the texts that stand for it, and it.
    private static readonly (string Mark, string Text)[] Unwritable =
    [
        ("\"#0\"", "\"\\ud800\""),
        ("\"#1\"", "{\"\\ud800\":{\"balance\":\"0x1\"}}"),
        ("\"#2\"", "{\"balance\":\"0x1\",\"balance\":2,\"to\":null,\"to\":\"0x1\"}"),
        ("\"#3\"", "{\"types\":{\"A\":[{\"name\":\"\\udc00\",\"type\":\"A\"}]},\"primaryType\":\"A\",\"message\":{\"\\udc00\":1}}"),
    ];

    /// <summary>The next request, as it is sent.</summary>
    public byte[] Next()
    {
        string text = random.Next(20) == 0
            ? $"[{string.Join(',', Enumerable.Range(0, random.Next(1, MaxBatch)).Select(_ => One()))}]"
            : One();
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return random.Next(12) == 0 ? Mutation.Of(bytes, random) : bytes;
    }

    private string One()
    {
        (string method, string parameters) = requests[random.Next(requests.Count)];
        if (random.Next(8) == 0)
        {
            (method, parameters) = transactions.Next();
        }

        JsonObject request = new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = random.Next(1_000),
            ["method"] = method,
            ["params"] = JsonNode.Parse(parameters),
        };
        for (int changes = random.Next(0, 4); changes > 0; changes--)
        {
            Change(request, random.Next(15) == 0 ? request : request["params"] ?? request);
        }

        return Unwritable.Aggregate(
            request.ToJsonString(), static (text, each) => text.Replace(each.Mark, each.Text, StringComparison.Ordinal));
    }

    private void Change(JsonObject request, JsonNode within)
    {
        List<(JsonNode Parent, string? Name, int Index)> places = [];
        Collect(within, places);
        if (places.Count == 0)
        {
            if (within is JsonArray { Count: 0 } empty)
            {
                empty.Add(Value(null));
            }

            return;
        }

        (JsonNode parent, string? name, int index) = places[random.Next(places.Count)];
        JsonNode? old = name is null ? parent[index] : parent[name];
        switch (random.Next(9))
        {
            case 0:
                Remove(parent, name, index);
                break;
            case 1:
                Put(parent, name, index, new JsonArray(old?.DeepClone(), old?.DeepClone()));
                break;
            case 2:
                Put(parent, name, index, new JsonObject { [name ?? "a"] = old?.DeepClone() });
                break;
            case 3 when name is not null:
                Remove(parent, name, index);
                parent[random.Next(2) == 0 ? name.ToUpperInvariant() : name + "x"] = old;
                break;
            case 4 when parent is JsonArray array:
                array.Insert(random.Next(array.Count + 1), Value(request));
                break;
            case 5 when old is not JsonObject and not JsonArray and not null:
            case 6 when old is not JsonObject and not JsonArray and not null:
                Put(parent, name, index, Changed(old));
                break;
            default:
                Put(parent, name, index, Value(request));
                break;
        }
    }

    private JsonNode? Value(JsonObject? request)
    {
        switch (random.Next(40))
        {
            case 0:
                return JsonNode.Parse(Nested(random.Next(1, 70), random.Next(2) == 0));
            case 1:
                return $"0x{new string('f', random.Next(1, 5_000))}";
            case 2:
                return new string((char)random.Next(1, 0x2000), random.Next(1, 3_000));
            case 3:
                return new JsonArray([.. Enumerable.Range(0, random.Next(2_000)).Select(static _ => (JsonNode?)0)]);
            case 4:
                return JsonNode.Parse(requests[random.Next(requests.Count)].Parameters);
            case 5 when request is not null && request["params"] is JsonArray { Count: > 0 } own:
                return own[random.Next(own.Count)]?.DeepClone();
            case 6:
                return $"0x{Convert.ToHexStringLower(Bytes(random.Next(1, 70)))}";
            case 7:
                return Convert.ToBase64String(Bytes(random.Next(1, 70)));
            case 8:
                return JsonNode.Parse(Unwritable[random.Next(Unwritable.Length)].Mark);
            default:
                return JsonNode.Parse(Values[random.Next(Values.Length)]);
        }
    }

    private JsonNode? Changed(JsonNode scalar)
    {
        string raw = scalar.ToJsonString();
        if (raw[0] != '"')
        {
            string[] forms = [$"-{raw.TrimStart('-')}", $"{raw}0", $"\"{raw}\"", "1", $"0.{raw.TrimStart('-')}"];
            return ParseOrNull(forms[random.Next(forms.Length)]);
        }

        string text = scalar.GetValueKind() == JsonValueKind.String && ParseOrNull(raw) is not null ? raw[1..^1] : string.Empty;
        if (text.Length == 0)
        {
            return "x";
        }

        int at = random.Next(text.Length);
        string changed = random.Next(7) switch
        {
            0 => text[..at],
            1 => text + text,
            2 => text + "0",
            3 => text.Remove(at, 1),
            4 => text[..at] + random.Next(16).ToString("x", CultureInfo.InvariantCulture) + text[(at + 1)..],
            5 => text.ToUpperInvariant(),
            _ => text[..at] + (char)random.Next(1, 0x250) + text[(at + 1)..],
        };
        return ParseOrNull($"\"{changed}\"") ?? changed;
    }

    private static JsonNode? ParseOrNull(string text)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text);
            _ = node?.ToJsonString();
            return node;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Nested(int depth, bool objects)
    {
        depth = Math.Min(depth, 60);
        return objects
            ? string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)
            : new string('[', depth) + new string(']', depth);
    }

    private static void Collect(JsonNode node, List<(JsonNode, string?, int)> places)
    {
        if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? member) in members)
            {
                places.Add((node, name, 0));
                if (member is not null) Collect(member, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (int i = 0; i < items.Count; i++)
            {
                places.Add((node, null, i));
                if (items[i] is JsonNode item) Collect(item, places);
            }
        }
    }

    private static void Put(JsonNode parent, string? name, int index, JsonNode? value)
    {
        if (name is null)
        {
            parent[index] = value;
        }
        else
        {
            parent[name] = value;
        }
    }

    private static void Remove(JsonNode parent, string? name, int index)
    {
        if (name is null)
        {
            ((JsonArray)parent).RemoveAt(index);
        }
        else
        {
            _ = ((JsonObject)parent).Remove(name);
        }
    }
}
