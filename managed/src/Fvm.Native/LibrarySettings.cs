using System.Globalization;
using Fvm.Hosting;
using Fvm.Wasm;

namespace Fvm.Native;

/// <summary>Settings from the environment.</summary>
/// <param name="Engine">The name of the engine that runs actors.</param>
/// <param name="Lanes">The number of messages that run concurrently.</param>
/// <param name="CacheBytes">Capacity of the shared block cache, in bytes.</param>
/// <param name="TraceBytes">Memory limit per message's trace, in bytes.</param>
/// <param name="Code">The machine code cache; null for none.</param>
/// <param name="RequiresProofs">Whether creating a machine fails unless the process can verify every kind of proof.</param>
internal sealed record LibrarySettings(string Engine, int Lanes, long CacheBytes, long TraceBytes, CodeCache? Code, bool RequiresProofs)
{
    /// <summary>
    /// <c>optional</c> allows machines without the proof verification functions; <c>required</c>, the default, does not.
    /// </summary>
    public const string ProofsVariable = "FVM_PROOFS";

    /// <summary>The name of an engine other than the default.</summary>
    public const string EngineVariable = "FVM_ENGINE";

    /// <summary>Capacity of the shared block cache in MiB; 0 disables it.</summary>
    public const string CacheVariable = "FVM_BLOCK_CACHE_MIB";

    /// <summary>Memory limit per message's trace, in MiB.</summary>
    public const string TraceVariable = "FVM_TRACE_MIB";

    private const long MaxCacheMebibytes = 1L << 20;

    // A trace is returned as one array, whose length has 31 bits.
    private const long MaxTraceMebibytes = 1024;

    /// <summary>Reads the environment; invalid values are logged and ignored.</summary>
    public static LibrarySettings FromEnvironment(Log log)
    {
        string engine = Environment.GetEnvironmentVariable(EngineVariable) ?? WasmEngines.Names[0];
        if (WasmEngines.Fallback is string fallback)
        {
            log.Write(LogLevel.Warn, fallback);
        }

        if (!WasmEngines.Names.Contains(engine))
        {
            log.Write(LogLevel.Error, $"{EngineVariable}: unknown engine '{engine}'");
            engine = WasmEngines.Names[0];
        }

        if (GuardEnvironment.Problem is string guard)
        {
            log.Write(LogLevel.Error, $"{guard}; 0 is assumed");
        }

        if (HeapLimit.FromEnvironment() is string problem)
        {
            log.Write(LogLevel.Error, problem);
        }

        long cache = ReadMebibytes(CacheVariable, SharedBlockCache.DefaultBytes, MaxCacheMebibytes, log);
        long trace = ReadMebibytes(TraceVariable, ExecutionTrace.DefaultMaxBytes, MaxTraceMebibytes, log);
        int lanes = Native.Lanes.Parse(Environment.GetEnvironmentVariable(Native.Lanes.Variable), Environment.ProcessorCount, log);
        bool requiresProofs = RequireProofs(Environment.GetEnvironmentVariable(ProofsVariable), log);
        return new LibrarySettings(engine, lanes, cache, trace, OpenCodeCache(log), requiresProofs);
    }

    private static long ReadMebibytes(string variable, long otherwise, long most, Log log)
    {
        if (Environment.GetEnvironmentVariable(variable) is not string text)
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long mebibytes) && mebibytes <= most)
        {
            return mebibytes << 20;
        }

        log.Write(LogLevel.Error, $"{variable} must be a number of mebibytes up to {most}, not '{text}'");
        return otherwise;
    }

    /// <summary>Parses the value of <see cref="ProofsVariable"/>. An unknown value counts as <c>required</c>.</summary>
    public static bool RequireProofs(string? value, Log log)
    {
        if (value is not (null or "" or "required" or "optional"))
        {
            log.Write(LogLevel.Error, $"{ProofsVariable} must be 'required' or 'optional', not '{value}'; 'required' is assumed");
        }

        return value != "optional";
    }

    private static CodeCache? OpenCodeCache(Log log)
    {
        CodeCache? code = CacheEnvironment.Open(out string? problem);
        if (problem is not null)
        {
            log.Write(LogLevel.Error, problem);
        }

        if (code is { IsUsable: false })
        {
            log.Write(LogLevel.Warn, code.Foreign ?? $"machine code is not cached: {code.Folder} is not writable, or others may write to it");
            return null;
        }

        return code;
    }
}
