using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Parses one vector from JSON.</summary>
public static class VectorParser
{
    /// <summary>The base fee of vectors without one, in attoFIL (the reference's conformance driver).</summary>
    public const string DefaultBaseFee = "100";

    /// <summary>The circulating supply of vectors without one: all two billion FIL, in attoFIL (the reference's machine context).</summary>
    public const string DefaultCirculatingSupply = "2000000000000000000000000000";

    /// <summary>Mainnet's EIP-155 chain ID.</summary>
    public const ulong MainnetChainId = 314;

    // Filecoin's block time.
    private const ulong SecondsPerEpoch = 30;

    /// <summary>The timestamp of vectors without one, in seconds: epochs of 30 seconds from zero on.</summary>
    public static ulong DefaultTimestamp(long epoch) => unchecked((ulong)epoch * SecondsPerEpoch);

    /// <summary>Parses one vector.</summary>
    /// <param name="json">JSON in UTF-8.</param>
    /// <param name="file">The file's path, for reports.</param>
    /// <param name="inSet">Whether the vector is a line of a set, so that its name includes its ID.</param>
    /// <exception cref="InputException">The text is not JSON, or not a vector; the message names the field.</exception>
    public static Vector Parse(ReadOnlyMemory<byte> json, string file, bool inSet) =>
        JsonText.Read(json, root => Read(root, file, inSet));

    private static Vector Read(JsonFields root, string file, bool inSet)
    {
        string vectorClass = root.Text("class");
        if (vectorClass != "message")
        {
            throw root.Refused("class", $"is \"{vectorClass}\"; only \"message\" is supported");
        }

        JsonFields? meta = root.Optional("_meta") is null ? null : root.Object("_meta");
        string id = meta?.Optional("id") is null ? Path.GetFileNameWithoutExtension(file) : meta.Value.Text("id");
        string? recordedWith = meta?.Optional("recorded_with") is null ? null : meta.Value.Text("recorded_with");
        JsonFields pre = root.Object("preconditions");
        JsonFields post = root.Object("postconditions");
        VectorVariant[] variants = [.. pre.Objects("variants", required: true).Select(ReadVariant)];
        if (variants.Length == 0)
        {
            throw pre.Refused("variants", "is empty");
        }

        VectorMessage[] messages = [.. root.Objects("apply_messages", required: true).Select(ReadMessage)];
        ExpectedReceipt[] receipts = [.. post.Objects("receipts", required: true).Select(ReadReceipt)];
        ExpectedApplyRet[] applyRets =
            [.. post.Objects("apply_rets", required: false).Select(ret => ExpectedApplyRetReader.Read(ret, recordedWith))];
        RequireSameCount(post, "receipts", receipts.Length, messages.Length);
        if (applyRets.Length > 0)
        {
            RequireSameCount(post, "apply_rets", applyRets.Length, messages.Length);
        }

        return new Vector
        {
            Name = inSet ? $"{Path.GetFileName(file)}#{id}" : Path.GetFileName(file),
            Source = inSet ? $"{file}#{id}" : file,
            Id = id,
            Description = meta?.Optional("desc") is null ? null : meta.Value.Text("desc"),
            Recorder = recordedWith,
            Bundle = meta?.Optional("bundle") is null ? null : meta.Value.Text("bundle"),
            Variants = variants,
            PreRoot = pre.Object("state_tree").Link("root_cid"),
            PostRoot = post.Optional("state_tree") is null ? string.Empty : post.Object("state_tree").Link("root_cid"),
            BaseFee = pre.Optional("basefee") is null ? DefaultBaseFee : pre.Amount("basefee"),
            CirculatingSupply = pre.Optional("circ_supply") is null ? DefaultCirculatingSupply : pre.Amount("circ_supply"),
            ChainId = pre.Optional("chain_id") is null ? MainnetChainId : pre.Number("chain_id"),
            Timestamp = pre.Optional("timestamp") is null ? null : pre.Number("timestamp"),
            ActorDebugging = pre.Flag("actor_debugging", otherwise: false),
            Car = root.Bytes("car"),
            Messages = messages,
            Receipts = receipts,
            ApplyRets = applyRets,
            Randomness = [.. root.Objects("randomness", required: false).Select(ReadRandomness)],
            TipsetCids = [.. root.Objects("tipset_cids", required: false).Select(ReadTipsetCid)],
            ConsensusFaults = [.. root.Objects("consensus_faults", required: false).Select(ReadConsensusFault)],
            HostFailures = [.. root.Objects("host_failures", required: false).Select(ReadHostFailure)],
            SkipReason = SkipReasonOf(root),
        };
    }

    // The public corpus marks vectors that need test-only actors or externs with a selector.
    private static string? SkipReasonOf(JsonFields root)
    {
        if (root.Optional("selector") is null)
        {
            return null;
        }

        JsonFields selector = root.Object("selector");
        foreach (string name in (ReadOnlySpan<string>)["chaos_actor", "requires:consensus_fault_extern"])
        {
            if (selector.Optional(name) is not null && selector.Text(name) == "true")
            {
                return $"its selector asks for {name}";
            }
        }

        return null;
    }

    private static VectorVariant ReadVariant(JsonFields variant) =>
        new(variant.Text("id"), variant.SignedNumber("epoch"), variant.SmallNumber("nv"));

    private static VectorMessage ReadMessage(JsonFields message)
    {
        string kind = message.Optional("kind") is null ? "explicit" : message.Text("kind");
        if (kind is not ("explicit" or "implicit"))
        {
            throw JsonFields.Error(message.PathOf("kind"), "\"explicit\" or \"implicit\"", message.Required("kind"));
        }

        int? rawLength = null;
        if (message.Optional("raw_length") is not null)
        {
            ulong length = message.Number("raw_length");
            rawLength = length <= int.MaxValue
                ? (int)length
                : throw JsonFields.Error(message.PathOf("raw_length"), "a length", message.Required("raw_length"));
        }

        return new VectorMessage(message.Bytes("bytes"), kind == "implicit", rawLength);
    }

    private static ExpectedReceipt ReadReceipt(JsonFields receipt) => new(
        receipt.SmallNumber("exit_code"),
        receipt.Optional("return") is null ? [] : receipt.Bytes("return"),
        receipt.Number("gas_used"),
        receipt.Optional("events_root") is null ? null : receipt.Link("events_root"),
        receipt.Has("events_root"));

    private static VectorRandomness ReadRandomness(JsonFields entry)
    {
        JsonElement rule = entry.List("on");
        if (rule.GetArrayLength() != 2 || rule[0].ValueKind != JsonValueKind.String || rule[1].ValueKind != JsonValueKind.Number
            || !rule[1].TryGetInt64(out long epoch) || rule[0].GetString() is not ("chain" or "beacon"))
        {
            throw JsonFields.Error(entry.PathOf("on"), "[\"chain\" or \"beacon\", epoch]", rule);
        }

        byte[] value = entry.Bytes("ret");
        return value.Length == 32
            ? new VectorRandomness(rule[0].GetString() == "beacon", epoch, value)
            : throw entry.Refused("ret", $"has {value.Length} bytes instead of 32");
    }

    private static VectorTipsetCid ReadTipsetCid(JsonFields entry) => new(entry.SignedNumber("epoch"), entry.Link("cid"));

    private static VectorConsensusFault ReadConsensusFault(JsonFields entry)
    {
        long gas = entry.SignedNumber("gas_used");
        byte[][] headers = [entry.Bytes("first"), entry.Bytes("second"), entry.Bytes("extra")];
        if (entry.Optional("fault") is null)
        {
            return new VectorConsensusFault(headers, Fault: null, gas);
        }

        JsonFields fault = entry.Object("fault");
        uint type = fault.SmallNumber("type");
        return Enum.IsDefined((ConsensusFaultType)type)
            ? new VectorConsensusFault(
                headers,
                new ConsensusFault(
                    new ActorId(fault.Number("target")), new ChainEpoch(fault.SignedNumber("epoch")), (ConsensusFaultType)type),
                gas)
            : throw fault.Refused("type", $"is {type}; there are the types 1 to 3");
    }

    private static VectorHostFailure ReadHostFailure(JsonFields entry)
    {
        string call = entry.Text("call");
        uint at = entry.SmallNumber("at");
        return !VectorHostFailure.Calls.Contains(call)
            ? throw entry.Refused("call", $"is no call of a host; there are {string.Join(", ", VectorHostFailure.Calls)}")
            : at == 0 ? throw entry.Refused("at", "is 0; calls are counted from 1 on")
            : new VectorHostFailure(call, at);
    }

    private static void RequireSameCount(JsonFields post, string field, int count, int messages)
    {
        if (count != messages)
        {
            throw post.Refused(field, $"has {count} elements for {messages} messages");
        }
    }
}
