using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Fvm.Wasm.Fuzz;

/// <summary>
/// A file with the seed of the case running on each thread, and the numbers of cases and finds: the record that survives a process killed
/// by faulty machine code.
/// </summary>
internal sealed class FuzzProgress : IDisposable
{
    private const int WordSize = sizeof(ulong);

    private readonly SafeFileHandle _file;
    private readonly int _jobs;

    private FuzzProgress(SafeFileHandle file, int jobs)
    {
        _file = file;
        _jobs = jobs;
    }

    /// <summary>Number of completed cases.</summary>
    public long Cases
    {
        get => (long)Read(_jobs);
        set => Write(_jobs, (ulong)value);
    }

    /// <summary>Number of written finds.</summary>
    public long Finds
    {
        get => (long)Read(_jobs + 1);
        set => Write(_jobs + 1, (ulong)value);
    }

    /// <summary>Creates the file, or overwrites it.</summary>
    public static FuzzProgress Create(string path, int jobs)
    {
        FuzzProgress progress = new(File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite), jobs);
        for (int job = 0; job < jobs; job++)
        {
            progress.SetCase(job, null);
        }

        progress.Cases = 0;
        progress.Finds = 0;
        return progress;
    }

    /// <summary>Opens the file of another process.</summary>
    public static FuzzProgress Open(string path, int jobs) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), jobs);

    /// <summary>The case running on a thread, or null.</summary>
    public ulong? CaseOf(int job) => Read(job) is ulong seed and not ulong.MaxValue ? seed : null;

    /// <summary>Records the case running on a thread.</summary>
    public void SetCase(int job, ulong? seed) => Write(job, seed ?? ulong.MaxValue);

    public void Dispose() => _file.Dispose();

    private ulong Read(int word)
    {
        Span<byte> bytes = stackalloc byte[WordSize];
        return RandomAccess.Read(_file, bytes, word * WordSize) == WordSize ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : ulong.MaxValue;
    }

    private void Write(int word, ulong value)
    {
        Span<byte> bytes = stackalloc byte[WordSize];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        RandomAccess.Write(_file, bytes, word * WordSize);
    }
}
