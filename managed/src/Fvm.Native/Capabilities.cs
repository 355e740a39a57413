using System.Buffers;
using System.Text.Json;
using Fvm.Wasm;

namespace Fvm.Native;

/// <summary>Version and features of this library in this process: the result of <c>fvm_capabilities</c>, and the first line of the log.</summary>
internal sealed class Capabilities
{
    public required string Version { get; init; }

    public required string Commit { get; init; }

    /// <summary>The engine that runs actors.</summary>
    public required string Engine { get; init; }

    /// <summary>The number of messages that run concurrently.</summary>
    public required int Lanes { get; init; }

    /// <summary>The proof verification functions missing in this process.</summary>
    public required IReadOnlyList<string> MissingProofs { get; init; }

    private bool HasGuardPages => Engine == "compiler" && CompilerEngine.HasGuardPages;

    /// <summary>The supported network versions, in ascending order.</summary>
    private static uint[] NetworkVersions
    {
        get
        {
            ReadOnlySpan<NetworkRules> rows = NetworkRules.All;
            uint[] versions = new uint[rows.Length];
            for (int i = 0; i < rows.Length; i++)
            {
                versions[i] = (uint)rows[i].Version;
            }

            return versions;
        }
    }

    /// <summary>A JSON object (UTF-8); its keys are documented in <c>native/include/filcrypto.h</c>.</summary>
    public byte[] ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", Version);
            json.WriteString("commit", Commit);
            json.WriteStartArray("network_versions");
            foreach (uint version in NetworkVersions)
            {
                json.WriteNumberValue(version);
            }

            json.WriteEndArray();
            Write(json, "engines", WasmEngines.Names);
            json.WriteString("engine", Engine);
            json.WriteNumber("lanes", Lanes);
            Write(json, "processor_features", WasmEngines.ProcessorFeatures);
            json.WriteBoolean("guard_pages", HasGuardPages);
            Write(json, "missing_proofs", MissingProofs);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same in human-readable form, on one line.</summary>
    public string ToLine()
    {
        uint[] versions = NetworkVersions;
        return $"fvm {Version}, commit {Commit}, network versions {versions[0]} to {versions[^1]}, engine {Engine} of "
            + $"{string.Join(", ", WasmEngines.Names)}, {Lanes} lanes, {(HasGuardPages ? "guard pages, " : "")}processor with "
            + $"{string.Join(", ", WasmEngines.ProcessorFeatures)}, "
            + (MissingProofs.Count == 0 ? "proofs are verified" : $"no {string.Join(", ", MissingProofs)}");
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
