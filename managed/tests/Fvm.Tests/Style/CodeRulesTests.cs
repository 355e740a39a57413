using System.Text.RegularExpressions;
using NUnit.Framework;
using static Fvm.Tests.SourceFiles;

namespace Fvm.Tests;

/// <summary>Rules for every line of the libraries.</summary>
public sealed class CodeRulesTests
{
    private const int SoftLimit = 400;
    private const int MaxWidth = 150;

    private static readonly string[] UnsafeFolders =
    [
        "Fvm.Wasm/Runtime/", "Fvm.Wasm/Compiler/", "Fvm.Wasm/Platform/", "Fvm.Wasm/Interpreter/", "Fvm.Native/", "Fvm.MachineCode/",
        "Fvm.Hosting/Platform/",

        // The proofs library of the Rust nodes, with filecoin-ffi's functions.
        "Fvm.Hosting/Proofs/",

        // Wasmtime's C library, which .NET has no types for.
        "Fvm.Wasmtime/Engine/", "Fvm.Wasmtime/Library/",

        // Libraries with the C interface, called as a node calls them.
        "Fvm.Diff/Library/",

        // A host for random modules, in the role of Syscalls.
        "Fvm.Wasm.Fuzz/",
    ];

    private static readonly string[] UnsafeFiles =
    [
        "Fvm/Syscalls/SyscallTable.cs", "Fvm/Syscalls/SyscallGate.cs", "Fvm/Syscalls/SyscallRow.cs",

        // Machine code for instructions without .NET intrinsics.
        "Fvm.Crypto/Sha2/Sha256Kernel.cs", "Fvm.Crypto/Blake2b/Blake2bLanesKernel.cs", "Fvm.Crypto/Keccak/KeccakKernel.cs",
        "Fvm.Crypto/Secp256k1/Secp256k1Kernel.cs", "Fvm.Crypto/Bls12381/Simd/FpLanesKernel.cs",
    ];

    // Tables, and indivisible code.
    private static readonly Dictionary<string, string> LongFiles = new()
    {
        ["Fvm.Wasm/Metering/FunctionAnalyzer.cs"] = "the reference's analysis of one function, which is one algorithm",
    };

    // Tables, one row per line, and lines still to be wrapped.
    private static readonly Dictionary<string, string> WideFiles = new()
    {
        ["Fvm/Syscalls/SyscallTable.cs"] = "a row per syscall",
        ["Fvm.Wasm/Interpreter/ExecutionLoop.cs"] = "a row per operation",
        ["Fvm.Wasm/Module/Opcodes.cs"] = "a row per instruction",
    };

    // Files that are not results: nobody reads them after the end of their process.
    private static readonly Dictionary<string, string> Writers = new()
    {
        ["Fvm.Chain/Source/BlockFolder.cs"] = "appends to files whose records are verified when they are read",
        ["Fvm.Node/Chain/ChainJournal.cs"] = "appends to a file whose records are verified when they are read; the lock holds nothing",
        ["Fvm.Wasm.Fuzz/FuzzProgress.cs"] = "shared by the fuzzer's processes while they run",
    };

    private static IEnumerable<SourceFile> All => Projects().SelectMany(Of);

    [Test]
    public void Unsafe_code_is_where_it_may_be()
    {
        string[] found = [.. All
            .Where(static file => Regex.IsMatch(file.Code, @"\bunsafe\b"))
            .Select(static file => $"{file.Project}/{file.Path}")
            .Where(static path => !UnsafeFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) && !UnsafeFiles.Contains(path))];
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Unsafe_code_says_why_it_is_sound()
    {
        // The reason is in the same paragraph, the lines between two blank ones.
        Regex uses = new(@"\bunsafe\b|\b(?:Unsafe|\w*Marshal)\.(?![GS]et\w*PInvokeError)\w+|\.(?:Load|Store)(?:Unsafe|Aligned\w*)\b");
        int reasons = 0;
        List<string> found = [];
        foreach (SourceFile file in All)
        {
            foreach (string paragraph in Regex.Split(file.Text, @"\n[ \t\r]*\n"))
            {
                bool hasReason = paragraph.Contains("// Sound: ", StringComparison.Ordinal);
                reasons += hasReason ? 1 : 0;
                if (!hasReason && uses.Match(new SourceFile(file.Project, file.Path, paragraph).Code) is { Success: true } use)
                {
                    found.Add($"{file.Project}/{file.Path}: {use.Value}");
                }
            }
        }

        Assert.That(reasons, Is.Positive, "reasons are found");
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Code_asks_for_a_behaviour_and_never_for_a_version()
    {
        // The enumeration itself, and the table with first and last versions of rows.
        string[] tables = ["Fvm/Types/NetworkVersion.cs", "Fvm/Syscalls/SyscallTable.cs"];
        Regex versions = new(@"\bNv\d\d\b|\bSyscallAbi\.\w+|\bPriceTable\.\w+|\bPrices\.Name\s*[=!]=");
        string[] found = [.. All
            .Select(static file => (Name: $"{file.Project}/{file.Path}", file.Code))
            .Where(file => !file.Name.StartsWith("Fvm/Networks/", StringComparison.Ordinal) && !tables.Contains(file.Name))
            .SelectMany(file => versions.Matches(file.Code).Select(match => $"{file.Name}: {match.Value}"))];
        Assert.That(found, Is.Empty);
    }

    // Folders are layers within a project (checked by Fvm.Architecture.Tests), and not part of the namespace.
    [Test]
    public void Each_project_is_one_namespace()
    {
        Regex declaration = new(@"^namespace ([\w.]+)", RegexOptions.Multiline);
        SourceFile[] files = [.. Projects().Concat(Projects("bench")).SelectMany(Of)];
        string[] found = [.. files.SelectMany(file => declaration.Matches(file.Code)
            .Where(match => match.Groups[1].Value != Path.GetFileName(file.Project))
            .Select(match => $"{file.Project}/{file.Path}: {match.Value}"))];
        Assert.That(files, Has.Length.GreaterThan(500), "the files are found");
        Assert.That(found, Is.Empty);
    }

    // Sources and invariants belong to the summary of a type. Top-level programs have no type, and Fvm.Wasm still has some headers.
    [Test]
    public void Files_begin_with_code()
    {
        SourceFile[] files = [.. Projects().Concat(Projects("bench")).Concat(Projects("tests")).SelectMany(Of)];
        string[] found = [.. files
            .Where(static file => file.Text.StartsWith("//", StringComparison.Ordinal))
            .Where(static file => file.Path != "Program.cs")
            .Select(static file => $"{file.Project}/{file.Path}")];
        Assert.That(files, Has.Length.GreaterThan(700), "the files are found");
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Nothing_static_changes()
    {
        // A static field that is not readonly: the declaration ends with a semicolon or an assignment.
        Regex field = new(
            @"^\s*(?:(?:public|internal|private|protected|volatile|unsafe|new)\s+)*static\s+(?!readonly\b)[\w<>\[\],.?* ]+\s\w+\s*(?:=(?![=>])|;)",
            RegexOptions.Multiline);
        string[] found = [.. All.SelectMany(file => field.Matches(file.Code)
            .Where(static match => !Regex.IsMatch(match.Value, @"\bextern\b|\breadonly\b"))
            .Select(match => $"{file.Project}/{file.Path}: {match.Value.Trim()}"))];
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Nothing_is_done_by_reflection_or_made_at_run_time()
    {
        Regex words = new(@"using System\.Reflection\b(?!\.Metadata)|\bdynamic\s+\w|\bActivator\.|\.GetMethod\(|MakeGeneric\w+\(|\bEmit\b");
        string[] found = [.. All.SelectMany(file => words.Matches(file.Code).Select(match => $"{file.Project}/{file.Path}: {match.Value}"))];
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void OpenSSL_is_never_needed()
    {
        // The runtime's cryptography classes load OpenSSL, which terminates the process if it is missing or out of memory.
        string[] found = [.. All.Where(static file => file.Code.Contains("using System.Security.Cryptography", StringComparison.Ordinal)
            && Regex.IsMatch(file.Code, @"\b(?:SHA\d+|HMAC\w+|MD5|RandomNumberGenerator|IncrementalHash|HashAlgorithm\w*)\b"))
            .Select(static file => $"{file.Project}/{file.Path}")];
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Files_are_written_by_Fvm_Files_alone()
    {
        // A file written in any other way can be found incomplete, or empty after a power failure.
        Regex writes = new(
            @"\bFile\.(?:WriteAll|AppendAll|Append|Create|OpenWrite|Open\(|Copy|Move|Replace)\w*|\bFileMode\.(?:Create|CreateNew|OpenOrCreate|Append|Truncate)\b" +
            @"|\bFileAccess\.(?:Write|ReadWrite)\b|\bnew FileInfo\([^)]*\)\.(?:Create|Open|Append)\w*|\bnew StreamWriter\(""");
        string[] found = [.. All.Concat(Projects("bench").SelectMany(Of))
            .Where(static file => file.Project != "Fvm.Files" && !Writers.ContainsKey($"{file.Project}/{file.Path}"))
            .SelectMany(file => writes.Matches(file.Code).Select(match => $"{file.Project}/{file.Path}: {match.Value}"))];
        Assert.That(found, Is.Empty, "AtomicFile writes files");
        Assert.That(writes.IsMatch(SourceFiles.Of("Fvm.Files").Single(static file => file.Path == "AtomicFile.cs").Code), Is.True);
    }

    [Test]
    public void Files_are_short_unless_there_is_a_reason()
    {
        string[] found = [.. All
            .Select(static file => (Name: $"{file.Project}/{file.Path}", Lines: file.Text.AsSpan().Count('\n')))
            .Where(static file => file.Lines > SoftLimit && !LongFiles.ContainsKey(file.Name))
            .Select(static file => $"{file.Name}: {file.Lines} lines")];
        Assert.That(found, Is.Empty, $"a file of more than {SoftLimit} lines should be split, or have its reason in the list");
    }

    [Test]
    public void Lines_fit_the_width_but_in_tables()
    {
        string[] found = [.. All
            .Where(static file => !WideFiles.ContainsKey($"{file.Project}/{file.Path}"))
            .SelectMany(static file => file.Text.Split('\n').Where(static line => line.Length > MaxWidth)
                .Select(line => $"{file.Project}/{file.Path}: {line.Trim()}"))];
        Assert.That(found, Is.Empty, $"lines of more than {MaxWidth} columns");
    }

    [Test]
    public void Facts_about_instructions_are_columns_of_their_table_and_no_ranges_of_numbers()
    {
        string[] comparisons = ["< Opcode.", "<= Opcode.", "> Opcode.", ">= Opcode."];
        string[] found = [.. All
            .SelectMany(file => file.Text.Split('\n')
                .Where(line => comparisons.Any(comparison => line.Contains(comparison, StringComparison.Ordinal)))
                .Select(line => $"{file.Project}/{file.Path}: {line.Trim()}"))];
        Assert.That(found, Is.Empty, "ask Opcodes for a column of the instruction's row");
    }
}
