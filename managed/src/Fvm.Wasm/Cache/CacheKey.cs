using System.Text;
using Fvm.Crypto;
using Fvm.MachineCode;

namespace Fvm.Wasm;

/// <summary>Names the machine code of a module: everything that the code depends on goes in.</summary>
internal static class CacheKey
{
    /// <summary>Hexadecimal digits for the code of a module under some rules, by this version of the engine, on this processor.</summary>
    public static string Of(ReadOnlySpan<byte> wasm, ModuleLimits limits, MeteringRules rules) => Of(wasm, limits, rules, EngineVersion.Sources);

    /// <summary>The same, by an engine of other sources.</summary>
    public static string Of(ReadOnlySpan<byte> wasm, ModuleLimits limits, MeteringRules rules, string sources)
    {
        Sha256Hasher hash = new();
        hash.Update(Encoding.UTF8.GetBytes($"{sources}\n{ProcessorFeatures.IsSufficient}\n{TextOf(limits)}\n{TextOf(rules)}\n"));
        hash.Update(wasm);
        byte[] key = new byte[Sha256.Size];
        hash.Finish(key);
        return Convert.ToHexStringLower(key);
    }

    // Code that is taken from the cache is not validated again, so that limits are part of what it depends on.
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
