using System.Diagnostics;
using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Native.Tests;

/// <summary>
/// The reference material's chain with real proofs (lotus/proofs): its blocks, its messages, and the recorded inputs of its machines.
/// </summary>
internal sealed class ProvenChain : IExterns
{
    private readonly Dictionary<(string Source, long Epoch), byte[]> _randomness = [];
    private readonly CarBlockstore _blocks;

    private ProvenChain(string folder)
    {
        _blocks = CarBlockstore.Load(Unpack(Path.Combine(folder, "chain.car.xz")));
        foreach (string line in File.ReadLines(Path.Combine(folder, "externs.tsv")).Where(static line => !line.StartsWith('#')))
        {
            string[] columns = line.Split('\t');
            _randomness[(columns[3], long.Parse(columns[4], CultureInfo.InvariantCulture))] = Convert.FromHexString(columns[5]);
        }

        Head = Cid.Parse(File.ReadLines(Path.Combine(folder, "chain.tsv")).First(static line => !line.StartsWith('#')).Split('\t')[1]);
    }

    public Cid Head { get; }

    /// <summary>The folder of the material; null if absent.</summary>
    public static string? Folder => Repository.FindShared("lotus", "proofs");

    public static ProvenChain Load(string folder) => new(folder);

    public static byte[] Unpack(string file)
    {
        using Process xz = Process.Start(new ProcessStartInfo("xz", ["-dck", file]) { RedirectStandardOutput = true })!;
        MemoryStream unpacked = new();
        xz.StandardOutput.BaseStream.CopyTo(unpacked);
        xz.WaitForExit();
        Assert.That(xz.ExitCode, Is.Zero, $"xz -d {file}");
        return unpacked.ToArray();
    }

    /// <summary>All messages, newest first, each with the header of its block.</summary>
    public IEnumerable<(Message Message, Header Header)> Messages()
    {
        Cid next = Head;
        while (_blocks.Get(in next) is byte[] bytes)
        {
            Header header = Header.Read(bytes);
            foreach (Message message in MessagesOf(header.Messages))
            {
                yield return (message, header);
            }

            // The parent of the first block is a block of another kind.
            if (header.Height == 0)
            {
                yield break;
            }

            next = header.Parents[0];
        }
    }

    /// <summary>Applies one message to the parent state of its block.</summary>
    public ApplyRet Apply(Message message, Header header, IProofs proofs)
    {
        using EnginePool engines = new(new EnginePoolOptions());
        Machine machine = new(
            engines,
            new MachineContext
            {
                Network = new NetworkConfig { NetworkVersion = NetworkVersion.Nv29, ChainId = 314 },
                Epoch = new ChainEpoch(header.Height),
                Timestamp = header.Timestamp,
                BaseFee = TokenAmount.FromAtto(100L),
                CirculatingSupply = TokenAmount.Zero,
                InitialStateRoot = header.State,
            },
            new Overlay(_blocks),
            this,
            proofs);
        return new Executor(machine).Execute(message, ApplyKind.Explicit, message.Encode().Length);
    }

    public byte[] GetChainRandomness(ChainEpoch epoch) => _randomness[("ticket", epoch.Value)];

    public byte[] GetBeaconRandomness(ChainEpoch epoch) => _randomness[("beacon", epoch.Value)];

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra) => (null, 0);

    public Cid GetTipsetCid(ChainEpoch epoch) => Head;

    private IEnumerable<Message> MessagesOf(Cid meta)
    {
        CborReader reader = new(_blocks.Get(in meta)!);
        reader.ReadArrayHeader(2);
        Cid plain = reader.ReadCid();
        Cid signed = reader.ReadCid();
        List<Message> messages = [];
        foreach (AmtEntry entry in Amt.Load(_blocks, in plain, AmtVersion.V0).Entries())
        {
            Cid cid = new CborReader(entry.Value.Span).ReadCid();
            messages.Add(Message.Decode(_blocks.Get(in cid)!));
        }

        foreach (AmtEntry entry in Amt.Load(_blocks, in signed, AmtVersion.V0).Entries())
        {
            Cid cid = new CborReader(entry.Value.Span).ReadCid();
            CborReader envelope = new(_blocks.Get(in cid)!);
            envelope.ReadArrayHeader(2);
            messages.Add(Message.Decode(envelope.ReadRaw()));
        }

        return messages;
    }

    /// <summary>The required fields of a block header.</summary>
    internal sealed record Header(Cid[] Parents, long Height, Cid State, Cid Messages, ulong Timestamp)
    {
        public static Header Read(byte[] bytes)
        {
            CborReader reader = new(bytes);
            reader.ReadArrayHeader(16);

            // Miner, ticket, election proof, beacon entries, winning proofs.
            Skip(ref reader, 5);
            Cid[] parents = new Cid[reader.ReadArrayHeader()];
            for (int i = 0; i < parents.Length; i++)
            {
                parents[i] = reader.ReadCid();
            }

            // Weight.
            Skip(ref reader, 1);
            long height = reader.ReadInt();
            Cid state = reader.ReadCid();

            // Receipts.
            Skip(ref reader, 1);
            Cid messages = reader.ReadCid();

            // Aggregate of signatures.
            Skip(ref reader, 1);
            return new Header(parents, height, state, messages, reader.ReadUInt());
        }

        private static void Skip(ref CborReader reader, int fields)
        {
            for (int i = 0; i < fields; i++)
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Takes the machine's writes; the chain stays unchanged.</summary>
    private sealed class Overlay(IBlockstore below) : IBlockstore
    {
        private readonly MemoryBlockstore _written = new();

        public byte[]? Get(in Cid cid) => _written.Get(in cid) ?? below.Get(in cid);

        public bool Has(in Cid cid) => _written.Has(in cid) || below.Has(in cid);

        public void Put(in Cid cid, byte[] block) => _written.Put(in cid, block);

        public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => _written.PutMany(blocks);
    }
}
