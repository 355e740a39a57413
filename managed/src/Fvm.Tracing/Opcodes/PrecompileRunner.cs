using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>
/// Runs precompiles that only calculate, on a machine of their own with the message's actors: code of a constructor calls the precompile and
/// reverts with what it returned.
/// </summary>
/// <param name="transaction">The message.</param>
internal sealed class PrecompileRunner(TracedTransaction transaction)
{
    private const ulong GasLimit = 10_000_000_000;
    private const uint Reverted = 33;
    private const int CodeLength = 59;

    // The actor that has the code: nobody else's.
    private static readonly ActorId Id = new(1UL << 62);

    private readonly List<ReadOnlyMemory<byte>?> _results = [];
    private int _next;

    /// <summary>Begins again: the same calls have the same results.</summary>
    public void Rewind() => _next = 0;

    /// <summary>Calls a precompile.</summary>
    /// <returns>What it returned; null if it failed.</returns>
    /// <exception cref="OpcodeReplayException">It cannot be called.</exception>
    public ReadOnlyMemory<byte>? Run(EthAddress address, ReadOnlySpan<byte> input)
    {
        if (_next == _results.Count)
        {
            _results.Add(Call(address, input));
        }

        return _results[_next++];
    }

    private ReadOnlyMemory<byte>? Call(EthAddress address, ReadOnlySpan<byte> input)
    {
        Machine machine = transaction.Machine;
        MachineContext context = machine.Context with { InitialStateRoot = transaction.StateBefore, Tracing = true, TracesSyscalls = false };
        Machine own = machine.Beside(context, new LayeredBlockstore(new MemoryBlockstore(), machine.Blockstore));
        byte[] code = InitCode(address, input);
        own.StateTree.SetActor(Id, new ActorState
        {
            Code = ContractCode(machine),
            State = EmptyState.Cid,
            DelegatedAddress = Address.NewDelegated(ActorId.EthereumAddressManager, Keccak256.Hash(code)[..EthAddress.Length]),
        });
        CborWriter parameters = new();
        parameters.WriteArrayHeader(2);
        parameters.WriteBytes(new byte[EthAddress.Length]);
        parameters.WriteBytes(code);
        ApplyRet ret = new Executor(own).Execute(
            new Message
            {
                From = Address.NewId(ActorId.Init),
                To = Address.NewId(Id),
                Method = MethodNumber.Constructor,
                Params = parameters.ToArray(),
                GasLimit = GasLimit,
            },
            ApplyKind.Implicit,
            rawLength: 0);

        // The constructor's end is the first one.
        foreach (ExecutionEvent item in ret.Trace)
        {
            if (item is CallReturnEvent end)
            {
                return end.ExitCode.Value == Reverted && EthPayload.TryUnwrap(end.Value, out ReadOnlyMemory<byte> bytes) && bytes.Length > 0
                    ? bytes.Span[0] == 1 ? bytes[1..] : (ReadOnlyMemory<byte>?)null
                    : throw new OpcodeReplayException($"the precompile {address} cannot be run again (exit code {end.ExitCode})");
            }
        }

        throw new OpcodeReplayException($"the precompile {address} cannot be run again: {ret.Failure}");
    }

    private static Cid ContractCode(Machine machine) => machine.Manifest.TryGetCode((uint)ActorType.Evm, out Cid code)
        ? code
        : throw new FatalException("the manifest has no contracts");

    // PUSH0 is missing in some bundles.
    private static byte[] InitCode(EthAddress address, ReadOnlySpan<byte> input)
    {
        byte[] size = [0x62, (byte)(input.Length >> 16), (byte)(input.Length >> 8), (byte)input.Length];
        byte[] code =
        [
            .. size, 0x61, 0, CodeLength, 0x60, 0, 0x39,                                    // CODECOPY(0, CodeLength, size)
            0x60, 0, 0x60, 0, .. size, 0x60, 0, 0x73, .. address.ToBytes(), 0x5a, 0xfa,     // STATICCALL(gas, address, 0, size, 0, 0)
            0x60, 0, 0x53,                                                                  // MSTORE8(0, success)
            0x3d, 0x60, 0, 0x60, 1, 0x3e,                                                   // RETURNDATACOPY(1, 0, RETURNDATASIZE)
            0x3d, 0x60, 1, 0x01, 0x60, 0, 0xfd,                                             // REVERT(0, RETURNDATASIZE + 1)
        ];
        return code.Length == CodeLength ? [.. code, .. input] : throw new InvalidOperationException($"the code has {code.Length} bytes");
    }
}
