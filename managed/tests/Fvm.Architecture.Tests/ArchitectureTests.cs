using NUnit.Framework;

namespace Fvm.Architecture.Tests;

/// <summary>Checks the libraries' folders against their layers, and the diagrams in ARCHITECTURE.md against the sources.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Set by scripts/draw-architecture to write the diagrams instead of comparing them.</summary>
    private const string DrawVariable = "FVM_DRAW";

    private const string Top = ".";

    /// <summary>
    /// The layers of each project, top to bottom: a folder uses only folders in lower layers, never one in its own. Upward calls at run
    /// time go through types declared below: a kernel enters the call manager through <c>IReentry</c> of Execution, an engine enters the
    /// syscalls through <c>HostTable</c> of Runtime. A dot is the project's root folder.
    /// </summary>
    private static readonly Dictionary<string, string[][]> Floors = new()
    {
        ["Fvm"] =
        [
            ["Executor"],
            ["CallManager"],

            // The syscall table names kernel methods and charges. The machine does not know it: the call manager passes it to the engine.
            ["Syscalls"],
            ["Kernel"],
            ["Execution"],
            ["Machine"],
            ["Networks", "Trace"],
            ["Gas", "Externs"],
            ["State", "Types/Proofs"],
            ["Types"],
        ],
        ["Fvm.Wasm"] =
        [
            ["Engines"],
            ["Compiler"],
            ["Compiler/Instances"],
            ["Compiler/Code"],
            ["Compiler/Translation"],
            ["Compiler/X64"],
            ["Compiler/Layout", "Interpreter"],
            ["Runtime", "Cache"],
            ["Metering"],
            ["Validation"],
            ["Binary"],
            ["Module", "Platform"],
        ],
        ["Fvm.Crypto"] =
        [
            ["Bls12381"],
            ["Bls12381/Pairing"],
            ["Bls12381/Hashing"],
            ["Bls12381/Curves"],
            ["Bls12381/Simd"],
            ["Bls12381/Fields", "Secp256k1"],
            ["Arithmetic", "Blake2b", "Keccak", "Ripemd160", "Sha2"],
        ],
        ["Fvm.Ipld"] =
        [
            ["Amt", "Hamt", "Kamt", "Car"],
            ["Blockstore"],
            ["Cbor"],
            [Top, "Packing"],
        ],
        ["Fvm.Actors"] =
        [
            ["StateDifference"],
            ["Tables"],
            ["Decoding", "Generation"],
            ["Values"],
            ["Shapes"],
        ],
        ["Fvm.Tracing"] =
        [
            ["Geth"],
            ["Opcodes", "Parity"],
            ["Transactions"],
            ["States"],
            ["Ethereum"],
            ["Calls", Top],
        ],
        ["Fvm.Vectors"] =
        [
            ["Minimising", "Recording"],
            ["Genesis"],
            ["Replay"],
            ["Bundles"],
            ["Format"],
        ],
        ["Fvm.Diff"] =
        [
            ["Conformance"],
            ["Sidecar"],
            ["Library", "Names", "Reports"],
            ["Comparison"],
            ["Sides"],
        ],
        ["Fvm.Fuzz"] =
        [
            ["Running"],
            ["Generation", "Coverage"],
            ["States", "Randomness"],
        ],
        ["Fvm.Chain"] =
        [
            ["Export"],
            ["Replay"],
            ["Execution"],
            ["Externs"],
            ["Source/Rpc"],
            ["Source"],
            ["Networks"],
            ["Format"],
        ],
        ["Fvm.Hosting"] =
        [
            ["Cache"],
            ["Host"],
            ["Lanes"],
            [Top, "Platform", "Proofs"],
        ],
        ["Fvm.Native"] =
        [
            [Top],
            ["Host", "Proofs"],
            ["Logging"],
            ["Abi", "Platform"],
        ],
        ["Fvm.Sidecar"] =
        [
            [Top],
            ["Server", "Usage"],
            ["Sessions", "Unary"],
            ["Prefetch"],
            ["Conversion", "Shared"],
            ["Telemetry"],
            ["Errors"],
        ],
        ["Fvm.Node"] =
        [
            [Top],
            ["Subscriptions"],
            ["Methods", "Usage"],
            ["Chain", "JsonRpc"],
            ["Ethereum", "Page"],
        ],
        ["Fvm.Cli"] =
        [
            [Top],
            ["Commands"],
            ["Inspection"],
            ["Output"],
            ["Usage"],
        ],
        ["Fvm.MachineCode"] = [[Top]],
        ["Fvm.Files"] = [[Top]],
        ["Fvm.Wasm.Fuzz"] = [[Top]],
        ["Fvm.Wasmtime"] =
        [
            ["Engine"],
            ["Instrumentation", "Library"],
        ],
    };

    private SourceGraph _graph = null!;

    [OneTimeSetUp]
    public void ReadSources() => _graph = SourceGraph.Read();

    [Test]
    public void Every_folder_with_sources_has_a_floor()
    {
        IEnumerable<string> listed = Floors.SelectMany(static project => project.Value.SelectMany(static line => line)
            .Select(folder => folder == Top ? project.Key : $"{project.Key}/{folder}"));
        Assert.That(_graph.Folders, Is.EquivalentTo(listed));
    }

    [Test]
    public void Folders_use_only_those_on_lower_floors()
    {
        (string From, string To, string Place)[] inside = [.. _graph.Uses
            .Where(static use => SourceGraph.ProjectOf(use.Key.From) == SourceGraph.ProjectOf(use.Key.To))
            .Select(static use => (use.Key.From, use.Key.To, use.Value))];
        Assert.That(inside, Has.Length.GreaterThan(100), "the uses are found");
        string[] upward = [.. inside.Where(static use => FloorOf(use.To) <= FloorOf(use.From)).Select(static use => $"{use.From} -> {use.To}: {use.Place}")];
        Assert.That(upward, Is.Empty);
    }

    /// <summary>The seam to a processor is <c>ICodeGenerator</c>: another processor or another tier of compilation fits below it.</summary>
    [Test]
    public void Nothing_above_the_code_generator_knows_the_processor()
    {
        const string Compiler = "Fvm.Wasm/Compiler";
        Assert.That(_graph.Uses.Keys, Has.Member((From: $"{Compiler}/Translation", To: $"{Compiler}/X64")), "uses are found");
        foreach (string folder in (ReadOnlySpan<string>)[Compiler, $"{Compiler}/Instances", $"{Compiler}/Code"])
        {
            Assert.That(_graph.Uses.Keys, Has.No.Member((From: folder, To: $"{Compiler}/X64")), folder);
        }
    }

    [Test]
    public void Public_types_are_needed_by_another_project() =>
        Assert.That(string.Join('\n', PublicTypes.Unneeded(_graph)), Is.Empty, "make these types internal");

    [Test]
    public void The_diagrams_show_what_the_sources_are()
    {
        string path = Repository.PathOf("ARCHITECTURE.md");
        string text = File.ReadAllText(path);
        string drawn = Diagrams.ReplaceIn(text, Diagrams.Draw(_graph));
        if (Environment.GetEnvironmentVariable(DrawVariable) == "true")
        {
            File.WriteAllText(path, drawn);
        }
        else
        {
            Assert.That(text, Is.EqualTo(drawn), "the sources have changed: run scripts/draw-architecture");
        }
    }

    [Test]
    public void A_use_that_another_one_implies_is_not_drawn()
    {
        HashSet<(string From, string To)> uses = [("a", "b"), ("b", "c"), ("a", "c"), ("a", "d")];
        Assert.That(Diagrams.Reduce(uses), Is.EquivalentTo(new[] { ("a", "b"), ("b", "c"), ("a", "d") }));
    }

    // The index of the layer, counted from the top.
    private static int FloorOf(string folder)
    {
        string project = SourceGraph.ProjectOf(folder);
        string name = folder == project ? Top : folder[(project.Length + 1)..];
        return Array.FindIndex(Floors[project], line => line.Contains(name));
    }
}
