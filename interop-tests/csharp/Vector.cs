using System.IO.Compression;
using System.Numerics;
using System.Text.Json;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace SidecarClient;

/// <summary>A test vector: a state, messages, and their results, read from JSON.</summary>
public sealed class Vector(JsonElement json)
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    public string Id { get; } = json.GetProperty("_meta").GetProperty("id").GetString()!;

    public string? Bundle { get; } = json.GetProperty("_meta").TryGetProperty("bundle", out JsonElement bundle) ? bundle.GetString() : null;

    public Dictionary<ByteString, ByteString> Blocks { get; } = ReadCar(json.GetProperty("car").GetBytesFromBase64());

    public JsonElement Pre { get; } = json.GetProperty("preconditions");

    public JsonElement Post { get; } = json.GetProperty("postconditions");

    public JsonElement Messages { get; } = json.GetProperty("apply_messages");

    public Dictionary<(bool Beacon, long Epoch), ByteString> Randomness { get; } = ReadRandomness(json);

    public Dictionary<long, ByteString> Tipsets { get; } = ReadTipsets(json);

    public MachineSettings Settings(bool tracing)
    {
        JsonElement variant = Pre.GetProperty("variants")[0];
        return new MachineSettings
        {
            NetworkVersion = variant.GetProperty("nv").GetUInt32(),
            Epoch = variant.GetProperty("epoch").GetInt64(),
            Timestamp = Pre.GetProperty("timestamp").GetUInt64(),
            ChainId = Pre.GetProperty("chain_id").GetUInt64(),
            BaseFee = Amount(Pre.GetProperty("basefee").GetString()!),
            CirculatingSupply = Amount(Pre.GetProperty("circ_supply").GetString()!),
            StateRoot = Cid(Pre.GetProperty("state_tree").GetProperty("root_cid")),
            ActorDebugging = Pre.TryGetProperty("actor_debugging", out JsonElement debugging) && debugging.GetBoolean(),
            Tracing = tracing,
        };
    }

    public static MessageInput Input(JsonElement message)
    {
        byte[] bytes = message.GetProperty("bytes").GetBytesFromBase64();
        return new MessageInput
        {
            Message = ByteString.CopyFrom(bytes),
            ChainLength = message.GetProperty("raw_length").GetUInt64(),
            Kind = message.GetProperty("kind").GetString() == "implicit" ? ApplyKind.Implicit : ApplyKind.Explicit,
        };
    }

    /// <summary>The vectors of VECTOR.json, SET.ndjson.gz, or a folder of such files.</summary>
    public static IEnumerable<Vector> Read(string path)
    {
        string[] files = File.Exists(path) ? [path] : [.. Directory.GetFiles(path).Where(IsVectors).Order(StringComparer.Ordinal)];
        foreach (string file in files)
        {
            if (file.EndsWith(".json", StringComparison.Ordinal))
            {
                yield return new Vector(JsonDocument.Parse(File.ReadAllBytes(file)).RootElement);
                continue;
            }

            using StreamReader lines = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (lines.ReadLine() is string line)
            {
                yield return new Vector(JsonDocument.Parse(line).RootElement);
            }
        }
    }

    /// <summary>The blocks of a CAR file of version 1, packed with gzip or not.</summary>
    public static Dictionary<ByteString, ByteString> ReadCar(byte[] file)
    {
        if (file is [0x1f, 0x8b, ..])
        {
            using MemoryStream unpacked = new();
            new GZipStream(new MemoryStream(file), CompressionMode.Decompress).CopyTo(unpacked);
            file = unpacked.ToArray();
        }

        Dictionary<ByteString, ByteString> blocks = [];
        int at = 0;
        for (bool header = true; at < file.Length; header = false)
        {
            int end = (int)ReadVarint(file, ref at);
            end += at;
            if (!header)
            {
                int start = at;
                ulong digestLength = 0;
                for (int field = 0; field < 4; field++)
                {
                    digestLength = ReadVarint(file, ref at);
                }

                at += (int)digestLength;
                blocks[ByteString.CopyFrom(file, start, at - start)] = ByteString.CopyFrom(file, at, end - at);
            }

            at = end;
        }

        return blocks;
    }

    /// <summary>A CID, as {"/": "b…"} in base 32.</summary>
    public static ByteString Cid(JsonElement link)
    {
        List<byte> bytes = [];
        int bits = 0;
        uint value = 0;
        foreach (char digit in link.GetProperty("/").GetString()!.AsSpan(1))
        {
            value = (value << 5) | (uint)Base32.IndexOf(digit);
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(value >> bits));
            }
        }

        return ByteString.CopyFrom([.. bytes]);
    }

    public static string Text(TokenAmount? amount)
    {
        BigInteger magnitude = new(amount is null ? [] : amount.Magnitude.Span, isUnsigned: true, isBigEndian: true);
        return (amount?.Negative == true ? -magnitude : magnitude).ToString();
    }

    private static TokenAmount Amount(string attoFil) => attoFil == "0"
        ? new TokenAmount()
        : new TokenAmount { Magnitude = ByteString.CopyFrom(BigInteger.Parse(attoFil).ToByteArray(isUnsigned: true, isBigEndian: true)) };

    private static bool IsVectors(string file) =>
        file.EndsWith(".json", StringComparison.Ordinal) || file.EndsWith(".ndjson.gz", StringComparison.Ordinal);

    private static ulong ReadVarint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static Dictionary<(bool Beacon, long Epoch), ByteString> ReadRandomness(JsonElement json)
    {
        Dictionary<(bool Beacon, long Epoch), ByteString> all = [];
        if (json.TryGetProperty("randomness", out JsonElement entries))
        {
            foreach (JsonElement entry in entries.EnumerateArray())
            {
                JsonElement on = entry.GetProperty("on");
                // An older form has a tag before the epoch. Of two answers the first counts.
                long epoch = on[on.GetArrayLength() == 4 ? 2 : 1].GetInt64();
                all.TryAdd((on[0].GetString() == "beacon", epoch), ByteString.CopyFrom(entry.GetProperty("ret").GetBytesFromBase64()));
            }
        }

        return all;
    }

    private static Dictionary<long, ByteString> ReadTipsets(JsonElement json)
    {
        Dictionary<long, ByteString> all = [];
        if (json.TryGetProperty("tipset_cids", out JsonElement entries))
        {
            foreach (JsonElement entry in entries.EnumerateArray())
            {
                all.TryAdd(entry.GetProperty("epoch").GetInt64(), Cid(entry.GetProperty("cid")));
            }
        }

        return all;
    }
}
