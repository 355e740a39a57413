using System.IO.Compression;
using System.Text;

namespace Fvm.Cli.Tests;

/// <summary>
/// A folder with a valid file of each kind that commands read, some of which a case replaces by broken ones, and a machine code cache
/// outside it.
/// </summary>
internal sealed class FuzzCorpus : IDisposable
{
    private const string FolderName = "corpus";

    private readonly TemporaryFiles _files = new();
    private readonly TemporaryFiles _cache = new();
    private readonly Dictionary<string, byte[]> _good = [];

    public FuzzCorpus()
    {
        Directory.CreateDirectory(Folder);
        byte[] vector = File.ReadAllBytes(TemporaryFiles.Example("counter-nv21.json"));
        byte[] state = File.ReadAllBytes(_files.Genesis());
        byte[] line = [.. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(vector).ReplaceLineEndings(string.Empty)), (byte)'\n'];
        _good["state.car"] = state;
        _good["state.car.gz"] = Packed(state);
        _good["bundle.car"] = TestBundle.Bytes();
        _good["vector.json"] = vector;
        _good["set.ndjson"] = [.. line, .. line];
        _good["set.ndjson.gz"] = Packed(_good["set.ndjson"]);
        _good["module.wasm"] = Module();
        _good["genesis.json"] = Encoding.UTF8.GetBytes(
            """
            {"network_name":"dev","builtin":[{"name":"system","code":"module.wasm"},{"name":"init","code":"module.wasm"},
            {"name":"account","code":"module.wasm"},{"name":"placeholder","code":"module.wasm"},{"name":"eam","code":"module.wasm"},
            {"name":"ethaccount","code":"module.wasm"}],"accounts":[{"address":"f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii","balance":"1000"}],
            "actors":[{"id":1000,"code":"module.wasm","state":"gA==","balance":"1.5"}]}
            """);
        _good["record.json"] = Encoding.UTF8.GetBytes(
            """
            {"id":"x","desc":"y","nv":21,"epoch":5000,"base_fee":"100","actor_debugging":true,"messages":[
            {"from":"f0100","to":"f01000","method":2,"params":"80","value":"1","gas_limit":100000000,"fee_cap":"1000","premium":"10"},
            {"from":"f0100","to":"f0101","nonce":3,"implicit":true}]}
            """);
        Restore();
    }

    /// <summary>The folder of the files. Its parent belongs to the corpus as well: commands may be given <c>..</c> and read all of it.</summary>
    public string Folder => _files.PathOf(FolderName);

    /// <summary>The folder of the machine code cache.</summary>
    public string Cache => _cache.PathOf("cache");

    public string[] Names => [.. _good.Keys];

    /// <summary>Breaks some of the files for a case.</summary>
    public void Break(Random random)
    {
        foreach (string name in Names)
        {
            if (random.Next(3) == 0)
            {
                _files.Write(Path.Combine(FolderName, name), FileMutator.Mutate(_good[name], random));
            }
        }

        if (random.Next(10) == 0 && Directory.Exists(Cache))
        {
            foreach (string entry in Directory.GetFiles(Cache).Order(StringComparer.Ordinal).Where(_ => random.Next(2) == 0))
            {
                File.WriteAllBytes(entry, FileMutator.Mutate(File.ReadAllBytes(entry), random));
            }
        }
    }

    /// <summary>Restores all files, and removes the files and folders written by a command.</summary>
    public void Restore()
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(Folder))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else if (!_good.ContainsKey(Path.GetFileName(path)))
            {
                File.Delete(path);
            }
        }

        foreach ((string name, byte[] bytes) in _good)
        {
            _files.Write(Path.Combine(FolderName, name), bytes);
        }
    }

    public void Dispose()
    {
        _files.Dispose();
        _cache.Dispose();
    }

    // An actor that returns immediately.
    private static byte[] Module() =>
    [
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 5, 3, 1, 0, 1,
        7, 19, 2, 6, .. "memory"u8, 2, 0, 6, .. "invoke"u8, 0, 0, 10, 6, 1, 4, 0, 0x41, 0, 0x0b,
    ];

    private static byte[] Packed(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
