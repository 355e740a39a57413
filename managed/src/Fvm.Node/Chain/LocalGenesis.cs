using System.Buffers.Binary;
using System.Text;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Node;

/// <summary>Builds the first block: the bundle's singletons, the accounts, and contracts that tools expect at known addresses.</summary>
internal static class LocalGenesis
{
    /// <summary>The deployer of contracts at addresses that depend on their code and a salt alone.</summary>
    public static readonly EthAddress Create2Deployer = EthAddress.Parse("0x4e59b44847b379578588920ca78fbf26c0b4956c");

    /// <summary>Many calls in one, where clients expect Multicall3; the code is our own (Contracts/Multicall.sol).</summary>
    public static readonly EthAddress Multicall = EthAddress.Parse("0xca11bde05977b3631167028862be2a173976ca11");

    private const ulong ConstructorGas = 10_000_000_000;
    private static readonly MethodNumber Exec4 = new(3);

    // CREATE2 with the salt in the first word of the input and the code behind it; returns the address, or reverts.
    private const string Create2Code =
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

    /// <summary>Builds the genesis.</summary>
    /// <exception cref="InputException">The bundle is not of the network version, or the accounts cannot be made.</exception>
    public static LocalBlock Build(LocalChainOptions options, TipsetExecutor executor, BlockComposer composer, IBlockstore store)
    {
        Cid state = new BundleGenesis(executor.Pool, store).Build(options.BundleRoot, new BundleGenesisSpec
        {
            NetworkVersion = options.Version,
            NetworkName = options.NetworkName,
            Accounts = options.Accounts,
        });
        BlockDraft draft = new()
        {
            Epoch = new ChainEpoch(0),
            Timestamp = options.GenesisTime ?? (ulong)options.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ParentState = state,
            ParentReceipts = composer.EmptyReceipts(),
            BaseFee = options.BaseFee,
            Miner = Address.NewId(BundleGenesis.Miner),
            SeedBytes = Encoding.UTF8.GetBytes(options.NetworkName),
        };
        Executor machine = new(executor.OpenMachine(composer.Preview(draft), state, store));
        AddContract(machine, 0, Create2Deployer, Convert.FromHexString(Create2Code));
        AddContract(machine, 1, Multicall, Convert.FromHexString(ReadMulticall()));
        draft = draft with { ParentState = machine.Flush() };
        Tipset tipset = composer.Compose(draft);
        return new LocalBlock
        {
            Tipset = tipset,
            Hash = EthHash.OfCid(tipset.ToCid()),
            State = draft.ParentState,
            Receipts = draft.ParentReceipts,
            Messages = [],
            NextBaseFee = options.BaseFee,
        };
    }

    /// <summary>Code whose execution returns other code: what creates a contract with that code.</summary>
    public static byte[] InitCodeOf(ReadOnlySpan<byte> code)
    {
        // PUSH2 length, DUP1, PUSH1 offset, PUSH1 0, CODECOPY, PUSH1 0, RETURN.
        byte[] head = [0x61, 0, 0, 0x80, 0x60, 12, 0x60, 0, 0x39, 0x60, 0, 0xf3];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(1), (ushort)code.Length);
        return [.. head, .. code];
    }

    private static string ReadMulticall()
    {
        using StreamReader reader = new(typeof(LocalGenesis).Assembly.GetManifestResourceStream("Multicall.hex")
            ?? throw new InvalidOperationException("the program lacks the code of Multicall"));
        return reader.ReadToEnd().ReplaceLineEndings(string.Empty);
    }

    // As the EAM creates contracts, but at an address of choice. The sequence makes the actor's f2 address another than those before it.
    private static void AddContract(Executor executor, ulong sequence, EthAddress address, byte[] code)
    {
        if (!TryFindCode(executor.Machine.Manifest, "evm", out Cid evm))
        {
            throw new InputException("the bundle lacks the actor 'evm'");
        }

        CborWriter constructor = new();
        constructor.WriteArrayHeader(2);
        constructor.WriteBytes(new byte[EthAddress.Length]);
        constructor.WriteBytes(InitCodeOf(code));
        CborWriter parameters = new();
        parameters.WriteArrayHeader(3);
        parameters.WriteCid(evm);
        parameters.WriteBytes(constructor.WrittenSpan);
        parameters.WriteBytes(address.ToBytes());
        Message message = new()
        {
            From = Address.NewId(ActorId.EthereumAddressManager),
            To = Address.NewId(ActorId.Init),
            Sequence = sequence,
            Method = Exec4,
            Params = parameters.ToArray(),
            GasLimit = ConstructorGas,
        };
        ApplyRet ret = executor.Execute(message, ApplyKind.Implicit, rawLength: 0);
        if (!ret.Receipt.ExitCode.IsSuccess)
        {
            throw new InputException($"the contract {address} of the genesis cannot be made: exit code {ret.Receipt.ExitCode}");
        }
    }

    /// <summary>The code of the actors of a name.</summary>
    public static bool TryFindCode(Manifest actors, string name, out Cid found)
    {
        foreach (Cid code in actors.Codes)
        {
            if (actors.NameOf(code) == name)
            {
                found = code;
                return true;
            }
        }

        found = default;
        return false;
    }
}
