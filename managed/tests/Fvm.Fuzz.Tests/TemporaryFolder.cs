namespace Fvm.Fuzz.Tests;

/// <summary>A folder of a test, which is removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fvm-fuzz-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
