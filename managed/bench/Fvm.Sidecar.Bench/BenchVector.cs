using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;

namespace Fvm.Sidecar.Bench;

/// <summary>A vector in the forms in which machines take it, so that no measurement includes conversions.</summary>
internal sealed class BenchVector
{
    public BenchVector(Vector vector)
    {
        VectorVariant variant = vector.Variants[0];
        Id = vector.Id;
        Externs = new VectorExterns(vector);
        Root = Cid.Parse(vector.PreRoot).ToBytes();
        PostRoot = Cid.Parse(vector.PostRoot).ToBytes();
        BaseFee = UInt128.Parse(vector.BaseFee, System.Globalization.CultureInfo.InvariantCulture);
        Supply = UInt128.Parse(vector.CirculatingSupply, System.Globalization.CultureInfo.InvariantCulture);
        Settings = new MachineSettings
        {
            NetworkVersion = variant.NetworkVersion,
            Epoch = variant.Epoch,
            Timestamp = vector.Timestamp ?? (ulong)variant.Epoch * 30,
            ChainId = vector.ChainId,
            BaseFee = Amount(BaseFee),
            CirculatingSupply = Amount(Supply),
            StateRoot = UnsafeByteOperations.UnsafeWrap(Root),
        };
        Messages = [.. vector.Messages.Zip(vector.Receipts, static (message, receipt) => new BenchMessage(message, receipt))];
    }

    public string Id { get; }

    public MachineSettings Settings { get; }

    public byte[] Root { get; }

    public byte[] PostRoot { get; }

    public UInt128 BaseFee { get; }

    public UInt128 Supply { get; }

    public VectorExterns Externs { get; }

    public BenchMessage[] Messages { get; }

    /// <summary>The vectors of a set, and all of their blocks.</summary>
    public static (BenchVector[] Vectors, IBlockstore Blocks) Read(string file, string bundles)
    {
        BundleCatalog catalog = new(bundles);
        MemoryBlockstore blocks = new();
        HashSet<string> opened = [];
        List<IBlockstore> layers = [];
        List<BenchVector> vectors = [];
        foreach (VectorOrError entry in VectorFiles.Read([file]))
        {
            Vector vector = entry.Vector ?? throw new InvalidDataException(entry.Error);
            blocks.PutMany(CarBlocks.Read(vector.Car, vector.Id).Blocks);
            if (vector.Bundle is string bundle && opened.Add(bundle))
            {
                layers.Add(catalog.Open(bundle));
            }

            vectors.Add(new BenchVector(vector));
        }

        return ([.. vectors], new LayeredBlockstore(blocks, [.. layers]));
    }

    private static Protocol.V1.TokenAmount Amount(UInt128 value)
    {
        byte[] bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new Protocol.V1.TokenAmount { Magnitude = ByteString.CopyFrom(bytes.AsSpan().TrimStart((byte)0)) };
    }
}
