using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>
/// Broken arguments and broken files for every command: it exits with 0, 1 or 2 within bounds on time and memory, and prints neither
/// internals such as stack traces nor control sequences. <c>FVM_FUZZ_CASES</c> is the number of cases, <c>FVM_FUZZ_SEED</c> the first seed.
/// </summary>
[NonParallelizable]
public sealed partial class CommandFuzzTests : CommandFixture
{
    private const int DefaultCases = 1500;
    private const int MaxFinds = 20;
    private const long MaxAllocatedBytes = 3L << 30;
    private const int MaxOutputLength = 4 << 20;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    [Test]
    public void Broken_arguments_and_files_end_with_an_exit_code_and_words()
    {
        int cases = Setting("FVM_FUZZ_CASES", DefaultCases);
        int first = Setting("FVM_FUZZ_SEED", 1);
        string before = Directory.GetCurrentDirectory();
        using FuzzCorpus corpus = new();
        ArgumentFuzzer fuzzer = new(corpus.Names);
        List<string> finds = [];
        int[] ends = new int[3];
        try
        {
            Directory.SetCurrentDirectory(corpus.Folder);
            UseCache(corpus.Cache);
            for (int number = first; number < first + cases && finds.Count < MaxFinds; number++)
            {
                Random random = new(number);
                corpus.Restore();
                corpus.Break(random);
                string[] arguments = fuzzer.Next(random);
                if (Wrong(arguments, ends) is string wrong)
                {
                    finds.Add($"case {number}: {PrintableText.Of(string.Join(' ', arguments.Select(static argument => $"'{argument}'")))}\n    {wrong}");
                }
            }
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        TestContext.Out.WriteLine($"{cases} cases from {first} on: {ends[0]} ended with 0, {ends[1]} with 1, {ends[2]} with 2");
        Assert.That(finds, Is.Empty, string.Join('\n', finds));
        Assert.That(ends, Has.None.EqualTo(0), "each exit code occurs");
    }

    private static string? Wrong(string[] arguments, int[] ends)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        long start = Stopwatch.GetTimestamp();
        CommandResult result;
        try
        {
            result = CommandResult.Of(arguments);
        }
        catch (Exception exception)
        {
            return $"throws {exception}";
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        if (result.ExitCode is not (0 or 1 or 2))
        {
            return $"exit code {result.ExitCode}";
        }

        ends[result.ExitCode]++;
        string all = result.Output + result.Errors;
        return time > MaxTime ? $"{time.TotalSeconds:f1} s"
            : allocated > MaxAllocatedBytes ? $"{allocated >> 20} MiB allocated"
            : all.Length > MaxOutputLength ? $"{all.Length} characters"
            : Internal().Match(all) is { Success: true } found ? $"says '{found.Value}': {PrintableText.Of(all[..Math.Min(all.Length, 600)])}"
            : Raw().Match(all) is { Success: true } raw ? $"raw U+{(int)raw.Value[0]:X4}: {PrintableText.Of(all[..Math.Min(all.Length, 600)])}"
            : result.ExitCode == 2 && result.Errors.Length == 0 ? $"exit code 2 without a word: {PrintableText.Of(all[..Math.Min(all.Length, 600)])}"
            : null;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    [GeneratedRegex(@"System\.[A-Z]\w+|\bat Fvm\.|^ +at [A-Z]\w*\.|\w+`\d|Fvm\.(Ipld|Wasm|Vectors|Cli|Files|Crypto)|unforeseen failure|[a-z]Exception\b|\(Parameter '", RegexOptions.Multiline)]
    private static partial Regex Internal();

    [GeneratedRegex("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udbff](?![\udc00-\udfff])")]
    private static partial Regex Raw();
}
