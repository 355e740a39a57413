using System.Runtime.InteropServices;
using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>
/// An actor without code: a kernel, guest memory and a gas counter, for single syscalls as an engine makes them. Before each syscall the
/// actor "executes" for <see cref="Exec"/>.
/// </summary>
internal sealed unsafe class SyscallHarness : IDisposable
{
    /// <summary>Execution gas of the actor before each syscall.</summary>
    public static readonly Gas Exec = Gas.OfMilli(5_000);

    /// <summary>Default offset of results: the second page.</summary>
    public const uint DefaultResultOffset = 65_536;

    /// <summary>Fill byte of the result buffer before the syscall.</summary>
    public const byte Untouched = 0xee;

    private const int PageBytes = 65_536;

    private readonly EnginePool _pool = new("interpreter");
    private readonly InstanceContext* _context;
    private readonly byte* _memory;

    public SyscallHarness(HarnessSetup? setup = null)
    {
        Setup = setup ?? new HarnessSetup();
        TestState state = Setup.State;
        MachineContext context = Setup.Context(TestMachine.Context(state.Flush(), Setup.Version));
        Machine = new Machine(
            _pool,
            context with { Network = context.Network with { ActorDebugging = Setup.Debugging } },
            Setup.Store(state.Store),
            Setup.Externs,
            Setup.Proofs)
        {
            Artifacts = Setup.Artifacts,
        };
        MessageOrigin origin = new(
            TestState.Sender,
            Setup.SenderAddress,
            Setup.Receiver,
            Address.NewId(Setup.Receiver),
            Setup.Nonce,
            Setup.GasLimit,
            Setup.GasPremium);
        Execution = new MessageExecution(Machine, origin, new BlockCache());
        Call call = new(Setup.Caller, Address.NewId(Setup.Receiver), Setup.Method, null, Setup.Value, null, Setup.ReadOnly);
        Kernel = new Kernel(Execution, Setup.Reentry, call, Setup.Receiver);
        Instance = new ActorInstance(Kernel, SyscallTable.For(Machine.Rules)) { IsStarted = true };

        MemoryLength = (uint)(Setup.Pages * PageBytes);
        _memory = (byte*)NativeMemory.AllocZeroed(MemoryLength);
        _context = (InstanceContext*)NativeMemory.AllocZeroed((nuint)sizeof(InstanceContext));
        _context->MemoryBase = _memory;
        _context->MemoryLength = MemoryLength;
        _context->HostState = Instance.Handle;
        Instance.UpdateGasAvailable(ref *_context);
    }

    public HarnessSetup Setup { get; }

    public Machine Machine { get; }

    public MessageExecution Execution { get; }

    public Kernel Kernel { get; }

    public ActorInstance Instance { get; }

    public PriceList Prices => Execution.Prices;

    public uint MemoryLength { get; }

    /// <summary>Offset of results.</summary>
    public uint ResultOffset { get; set; } = DefaultResultOffset;

    /// <summary>The actor's gas counter, in milligas.</summary>
    public long GasLeft => _context->GasLeft;

    /// <summary>The initial charges of every syscall.</summary>
    public GasCharge[] CallCharges => [new GasCharge(ChargeNames.WasmExec, Exec, Gas.Zero), Prices.OnSyscall()];

    /// <summary>Guest memory.</summary>
    public Span<byte> Memory => new(_memory, (int)MemoryLength);

    /// <summary>Writes to guest memory.</summary>
    public void Write(uint offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Memory[(int)offset..]);

    /// <summary>Writes a CID to guest memory.</summary>
    public void Write(uint offset, in Cid cid) => cid.WriteTo(Memory[(int)offset..]);

    /// <summary>Reads from guest memory.</summary>
    public byte[] Read(uint offset, int length) => Memory.Slice((int)offset, length).ToArray();

    /// <summary>Reads a CID from guest memory.</summary>
    public Cid ReadCid(uint offset)
    {
        Assert.That(Cid.TryRead(Memory[(int)offset..], out Cid cid, out _), "there is no CID");
        return cid;
    }

    /// <summary>Opens a block for the actor without charges.</summary>
    public BlockId Open(ulong codec, byte[] data, params Cid[] links)
    {
        Outcome outcome = Kernel.Blocks.PutReachable(new Block(codec, data, links), out BlockId id);
        Assert.That(outcome.IsOk);
        return id;
    }

    /// <summary>Consumes gas until the given amount is left.</summary>
    public void LeaveGas(Gas left)
    {
        Assert.That(Execution.Gas.TryCharge("setup", Execution.Gas.Available - left));
        Instance.UpdateGasAvailable(ref *_context);
    }

    /// <summary>Makes a syscall. Arguments have their Wasm representation; the offset of the result is implicit.</summary>
    public SyscallResult Call(string module, string name, params ulong[] arguments)
    {
        SyscallRow[] rows = Instance.Syscalls.Rows;
        int index = Array.FindIndex(rows, row => row.Module == module && row.Name == name);
        Assert.That(index, Is.Not.Negative, $"{module}.{name} is not there");
        SyscallRow row = rows[index];
        Assert.That(arguments, Has.Length.EqualTo(row.Parameters.Length), "the number of arguments");

        // The upper half of an i32 is unspecified.
        const ulong Garbage = 0xdead_beef_0000_0000;
        ulong* slots = stackalloc ulong[arguments.Length + 2];
        int count = 0;
        if (row.ResultSize > 0)
        {
            slots[count++] = ResultOffset | Garbage;
            if ((ulong)ResultOffset + (ulong)row.ResultSize <= MemoryLength)
            {
                Memory.Slice((int)ResultOffset, row.ResultSize).Fill(Untouched);
            }
        }

        for (int i = 0; i < arguments.Length; i++)
        {
            slots[count++] = row.Parameters[i] == 'i' ? (uint)arguments[i] | Garbage : arguments[i];
        }

        int traced = Execution.Trace!.Count;
        _context->GasLeft -= (long)Exec.Milli;
        TrapCode trap = SyscallGate.Enter(_context, index, slots);
        ExecutionEvent[] events = [.. Execution.Trace.Skip(traced)];
        bool inside = (ulong)ResultOffset + (ulong)row.ResultSize <= MemoryLength;
        return new SyscallResult(this, trap, (uint)slots[0], inside ? Read(ResultOffset, row.ResultSize) : [], events);
    }

    public void Dispose()
    {
        Instance.Release();
        Execution.Dispose();
        NativeMemory.Free(_memory);
        NativeMemory.Free(_context);
        _pool.Dispose();
    }
}
