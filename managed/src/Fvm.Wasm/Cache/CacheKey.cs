using System.Buffers;
using System.Text;
using Fvm.Crypto;
using Fvm.MachineCode;

namespace Fvm.Wasm;

/// <summary>The key of an entry: a hash of everything that its content depends on.</summary>
internal static class CacheKey
{
    /// <summary>Size of a key in bytes; as a file name it is in hexadecimal.</summary>
    public const int Size = Sha256.Size;

    private const int HashedAtOnce = 64 << 10;

    /// <summary>Hexadecimal key of a module's code under given rules, for this version of the engine and this processor.</summary>
    /// <param name="wasm">The module.</param>
    /// <param name="limits">Limits applied by its validation.</param>
    /// <param name="rules">Rules of its metering.</param>
    /// <param name="options">What the code depends on beside these, as text.</param>
    public static string Of(ReadOnlySpan<byte> wasm, ModuleLimits limits, MeteringRules rules, string options) =>
        Of(wasm, limits, rules, options, EngineVersion.Sources);

    /// <summary>Hexadecimal key of a module's outline, by the module's name and all that the key of its code depends on.</summary>
    public static string OfOutline(ReadOnlySpan<byte> name, ModuleLimits limits, MeteringRules rules, string options) =>
        Of(name, limits, rules, $"outline by name, {options}");

    /// <summary>The same with an explicit hash of the engine's sources.</summary>
    public static string Of(ReadOnlySpan<byte> wasm, ModuleLimits limits, MeteringRules rules, string options, string sources)
    {
        Sha256Hasher hash = new();
        string processor = $"{ProcessorFeatures.IsSufficient} {options}";
        hash.Update(Encoding.UTF8.GetBytes($"{sources}\n{processor}\n{TextOf(limits)}\n{TextOf(rules)}\n"));
        hash.Update(wasm);
        return TextOf(hash);
    }

    /// <summary>Hexadecimal key of what is derived from a file's content.</summary>
    /// <param name="kind">The derivation and its version.</param>
    /// <param name="source">The file's content.</param>
    public static string OfDerived(string kind, ReadOnlySpan<byte> source)
    {
        Sha256Hasher hash = BeginDerived(kind);
        hash.Update(source);
        return TextOf(hash);
    }

    /// <summary>The same for a source that is read to its end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string OfDerived(string kind, Stream source)
    {
        Sha256Hasher hash = BeginDerived(kind);
        byte[] part = ArrayPool<byte>.Shared.Rent(HashedAtOnce);
        for (int read; (read = source.Read(part)) > 0;)
        {
            hash.Update(part.AsSpan(0, read));
        }

        ArrayPool<byte>.Shared.Return(part);
        return TextOf(hash);
    }

    private static Sha256Hasher BeginDerived(string kind)
    {
        // Cannot be the start of a code's key, which is a hexadecimal hash.
        Sha256Hasher hash = new();
        hash.Update(Encoding.UTF8.GetBytes($"derived: {kind}\n"));
        return hash;
    }

    private static string TextOf(Sha256Hasher hash)
    {
        byte[] key = new byte[Size];
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
