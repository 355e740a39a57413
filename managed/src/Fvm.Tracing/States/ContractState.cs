using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>
/// The state of a contract (builtin-actors: the EVM actor's state), a list in CBOR: bytecode, its hash, root of the storage, since network
/// version 25 the transient storage, nonce, and the tombstone of a contract that has destroyed itself.
/// </summary>
public sealed record ContractState
{
    // What there is besides the transient storage.
    private const int FieldCount = 5;
    private const byte CborNull = 0xf6;
    private const uint FirstWithTransients = 25;

    /// <summary>The bytecode.</summary>
    public required Cid Bytecode { get; init; }

    /// <summary>The Keccak hash of the bytecode.</summary>
    public required byte[] BytecodeHash { get; init; }

    /// <summary>The root of the storage, a KAMT (<see cref="KamtOptions.ContractStorage"/>).</summary>
    public required Cid Storage { get; init; }

    /// <summary>The number of contracts that it created, plus one.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>Whether the contract has not destroyed itself; one that has is without code from the next message on.</summary>
    public bool IsAlive => Tombstone is [CborNull];

    // Encoded as they were; empty for a field that this version does not have.
    private byte[] Transient { get; init; } = [];

    private byte[] Tombstone { get; init; } = [];

    /// <summary>The state of a new contract without code.</summary>
    /// <param name="storage">The root of an empty storage.</param>
    /// <param name="networkVersion">The network version.</param>
    public static ContractState CreateEmpty(in Cid storage, uint networkVersion) => new()
    {
        Bytecode = Cid.Blake2b256(Multicodec.Raw, []),
        BytecodeHash = [],
        Storage = storage,
        Nonce = 1,
        Transient = networkVersion >= FirstWithTransients ? [CborNull] : [],
        Tombstone = [CborNull],
    };

    /// <summary>Reads the state.</summary>
    /// <exception cref="FatalException">It is missing or none.</exception>
    public static ContractState Read(IBlockstore store, in Cid cid)
    {
        byte[] block = store.Get(cid) ?? throw new FatalException($"the state {cid} of a contract is missing");
        try
        {
            CborReader reader = new(block);
            int count = reader.ReadArrayHeader();
            if (count is not (FieldCount or FieldCount + 1))
            {
                throw new CborException(0, $"expected the fields of a contract, found {count}");
            }

            return new ContractState
            {
                Bytecode = reader.ReadCid(),
                BytecodeHash = reader.ReadBytes().ToArray(),
                Storage = reader.ReadCid(),
                Transient = count > FieldCount ? reader.ReadRaw().ToArray() : [],
                Nonce = reader.ReadUInt(),
                Tombstone = reader.ReadRaw().ToArray(),
            };
        }
        catch (CborException exception)
        {
            throw new FatalException($"the state {cid} of a contract is malformed: {exception.Message}", exception);
        }
    }

    /// <summary>Stores the state.</summary>
    /// <returns>Its CID.</returns>
    public Cid Write(IBlockstore store)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(FieldCount + (Transient.Length > 0 ? 1 : 0));
        writer.WriteCid(Bytecode);
        writer.WriteBytes(BytecodeHash);
        writer.WriteCid(Storage);
        writer.WriteRaw(Transient);
        writer.WriteUInt(Nonce);
        writer.WriteRaw(Tombstone);
        byte[] block = writer.ToArray();
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(cid, block);
        return cid;
    }
}
