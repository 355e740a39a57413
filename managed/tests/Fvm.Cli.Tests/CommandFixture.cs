using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>Base class for tests of commands: a temporary folder per test, and no machine code cache unless the test enables one.</summary>
public abstract class CommandFixture
{
    private const string CacheVariable = "FVM_CACHE";

    private TemporaryFiles? _files;
    private string? _cacheBefore;

    private protected TemporaryFiles Files => _files ?? throw new InvalidOperationException("files are there while a test runs");

    [SetUp]
    public void MakeFiles()
    {
        _files = new TemporaryFiles();
        _cacheBefore = Environment.GetEnvironmentVariable(CacheVariable);
    }

    [TearDown]
    public void RemoveFiles()
    {
        Environment.SetEnvironmentVariable(CacheVariable, _cacheBefore);
        Files.Dispose();
    }

    /// <summary>Enables a cache at a path until the end of the test.</summary>
    private protected static void UseCache(string path) => Environment.SetEnvironmentVariable(CacheVariable, path);

    private protected static void RequireCompiler()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }
    }
}
