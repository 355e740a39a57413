using System.CommandLine;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Options for the machine code cache, for every command that runs actors.</summary>
internal static class CacheOptions
{
    public static Option<bool> NoCache() => new("--no-cache")
    {
        Description = "Do not use or write the machine code cache "
            + $"('fvm cache --help'; ${CacheEnvironment.FolderVariable}={CacheEnvironment.Off} does the same)",
    };

    /// <summary>The cache for a command, or null.</summary>
    public static CodeCache? Open(ParseResult parsed, Option<bool> noCache, TextWriter errors)
    {
        CodeCache? cache = parsed.GetValue(noCache) ? null : Open(errors);
        if (cache?.Foreign is string foreign)
        {
            errors.WriteLine($"fvm: {PrintableText.Of(foreign)}");
        }

        return cache;
    }

    /// <summary>The cache that the environment configures, or null.</summary>
    public static CodeCache? Open(TextWriter errors)
    {
        CodeCache? cache = CacheEnvironment.Open(out string? problem);
        if (problem is not null)
        {
            errors.WriteLine($"fvm: {PrintableText.Of(problem)}");
        }

        return cache;
    }
}
