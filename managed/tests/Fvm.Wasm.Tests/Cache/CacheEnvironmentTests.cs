using NUnit.Framework;

namespace Fvm.Wasm.Tests;

[NonParallelizable]
public sealed class CacheEnvironmentTests
{
    private static readonly string[] Variables = [CacheEnvironment.FolderVariable, CacheEnvironment.SizeVariable, "XDG_CACHE_HOME"];
    private readonly Dictionary<string, string?> _before = [];

    [SetUp]
    public void Clear()
    {
        foreach (string variable in Variables)
        {
            _before[variable] = Environment.GetEnvironmentVariable(variable);
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [TearDown]
    public void Restore()
    {
        foreach ((string variable, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(variable, value);
        }
    }

    [Test]
    public void The_folder_is_the_one_named_or_in_the_user_s_caches()
    {
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "/caches");
        Assert.That(CacheEnvironment.Folder(), Is.EqualTo("/caches/fvm"));
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "relative");
        Assert.That(CacheEnvironment.Folder(), Is.Null.Or.EndsWith(".cache/fvm"));
        Environment.SetEnvironmentVariable(CacheEnvironment.FolderVariable, "/elsewhere");
        Assert.That(CacheEnvironment.Folder(), Is.EqualTo("/elsewhere"));
    }

    [Test]
    public void The_cache_can_be_switched_off()
    {
        Environment.SetEnvironmentVariable(CacheEnvironment.FolderVariable, CacheEnvironment.Off);
        Assert.That(CacheEnvironment.Open(out string? problem), Is.Null);
        Assert.That(problem, Is.Null);
    }

    [TestCase("7", 7L << 20, true)]
    [TestCase("0", 0L, true)]
    [TestCase("", CodeCache.DefaultBytes, true)]
    [TestCase("-1", CodeCache.DefaultBytes, false)]
    [TestCase("much", CodeCache.DefaultBytes, false)]
    [TestCase("99999999999", CodeCache.DefaultBytes, false)]
    public void The_limit_is_in_MiB_and_a_wrong_one_is_told_and_not_used(string text, long bytes, bool good)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"fvm-cache-{Guid.NewGuid():n}");
        Environment.SetEnvironmentVariable(CacheEnvironment.FolderVariable, folder);
        Environment.SetEnvironmentVariable(CacheEnvironment.SizeVariable, text);
        try
        {
            Assert.That(CacheEnvironment.Open(out string? problem)!.MaxBytes, Is.EqualTo(bytes));
            Assert.That(problem, good ? Is.Null : Does.Contain(text));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
