using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>
/// The state of a contract (builtin-actors: the EVM actor's state). In CBOR: the code's CID and Keccak hash, the root of the storage, from
/// version 16 of the actors on the transient storage, the nonce, and the mark of self-destruction.
/// </summary>
internal sealed record ContractState
{
    private const int FieldsWithoutTransient = 5;
    private const int FieldsWithTransient = 6;

    /// <summary>The CID of the code, a raw block.</summary>
    public required Cid Bytecode { get; init; }

    /// <summary>The root of the storage, a KAMT (<see cref="KamtOptions.ContractStorage"/>).</summary>
    public required Cid Storage { get; init; }

    /// <summary>The number of contracts that it created, plus one.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>Whether it has destroyed itself: from the next message on it has no code.</summary>
    public required bool IsDestroyed { get; init; }

    /// <summary>Reads the state of a contract.</summary>
    /// <exception cref="FatalException">The block is missing, or is not the state of a contract.</exception>
    public static ContractState Load(IBlockstore store, ActorState contract)
    {
        byte[] block = store.Get(contract.State) ?? throw new FatalException($"the state {contract.State} of a contract is missing");
        try
        {
            return Decode(block);
        }
        catch (CborException error)
        {
            throw new FatalException($"the state {contract.State} of a contract is malformed", error);
        }
    }

    /// <exception cref="CborException">It is malformed.</exception>
    private static ContractState Decode(byte[] block)
    {
        CborReader reader = new(block);
        int fields = reader.ReadArrayHeader();
        if (fields is not (FieldsWithoutTransient or FieldsWithTransient))
        {
            throw new CborException(0, $"expected the fields of a contract, found {fields}");
        }

        Cid bytecode = reader.ReadCid();
        reader.ReadBytes();
        Cid storage = reader.ReadCid();
        if (fields == FieldsWithTransient)
        {
            reader.Skip();
        }

        ulong nonce = reader.ReadUInt();
        return new ContractState { Bytecode = bytecode, Storage = storage, Nonce = nonce, IsDestroyed = !reader.TryReadNull() };
    }
}
