using System.Text;
using Fvm.Crypto;
using Fvm.MachineCode;

namespace Fvm.Wasm;

/// <summary>The key of an entry: a hash of everything that its content depends on.</summary>
internal static class CacheKey
{
    /// <summary>Hexadecimal key of a module's code under given rules, for this version of the engine and this processor.</summary>
    /// <param name="wasm">The module.</param>
    /// <param name="limits">Limits applied by its validation.</param>
    /// <param name="rules">Rules of its metering.</param>
    /// <param name="vectorSize">Largest vector size in function code, in bytes.</param>
    public static string Of(ReadOnlySpan<byte> wasm, ModuleLimits limits, MeteringRules rules, int vectorSize) =>
        Of(wasm, limits, rules, vectorSize, EngineVersion.Sources);

    /// <summary>The same with an explicit hash of the engine's sources.</summary>
    public static string Of(ReadOnlySpan<byte> wasm, ModuleLimits limits, MeteringRules rules, int vectorSize, string sources)
    {
        Sha256Hasher hash = new();
        string processor = $"{ProcessorFeatures.IsSufficient} {vectorSize}";
        hash.Update(Encoding.UTF8.GetBytes($"{sources}\n{processor}\n{TextOf(limits)}\n{TextOf(rules)}\n"));
        hash.Update(wasm);
        byte[] key = new byte[Sha256.Size];
        hash.Finish(key);
        return Convert.ToHexStringLower(key);
    }

    /// <summary>Hexadecimal key of what is derived from a file's content.</summary>
    /// <param name="kind">The derivation and its version.</param>
    /// <param name="source">The file's content.</param>
    public static string OfDerived(string kind, ReadOnlySpan<byte> source)
    {
        // Cannot be the start of a code's key, which is a hexadecimal hash.
        Sha256Hasher hash = new();
        hash.Update(Encoding.UTF8.GetBytes($"derived: {kind}\n"));
        hash.Update(source);
        byte[] key = new byte[Sha256.Size];
        hash.Finish(key);
        return Convert.ToHexStringLower(key);
    }

    // Cached code is not validated again, so the key includes the limits.
    private static string TextOf(ModuleLimits limits) => string.Join(
        ' ',
        limits.Types,
        limits.Functions,
        limits.Imports,
        limits.Exports,
        limits.Globals,
        limits.ElementSegments,
        limits.DataSegments,
        limits.TableEntries,
        limits.Parameters,
        limits.Results,
        limits.Locals,
        limits.TypeSize,
        limits.BranchTargets,
        limits.InstancePages,
        limits.InstanceElements,
        limits.InstanceBytes);

    private static string TextOf(MeteringRules rules) => string.Join(
        ' ',
        rules.InstructionDefault,
        rules.MathDefault,
        rules.JumpUnconditional,
        rules.JumpConditional,
        rules.JumpIndirect,
        rules.Call,
        rules.MemoryFillBase,
        rules.MemoryFillPerByte,
        rules.MemoryAccess,
        rules.MemoryCopyPerByte,
        rules.CountsDefaultTarget,
        rules.CountsEachLocal,
        rules.MaxStackHeight);
}
