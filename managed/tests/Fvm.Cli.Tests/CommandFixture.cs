// What tests of commands share.
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>Each test has a folder of its own, and no cache of machine code unless it asks for one.</summary>
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

    /// <summary>Lets commands use a cache at a path, until the test ends.</summary>
    private protected static void UseCache(string path) => Environment.SetEnvironmentVariable(CacheVariable, path);

    private protected static void RequireCompiler()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }
    }
}
