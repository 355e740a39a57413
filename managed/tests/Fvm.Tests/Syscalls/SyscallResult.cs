using System.Buffers.Binary;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>
/// The outcome of a syscall. Each assertion checks outcome and gas together: the given charges follow those of the call itself.
/// </summary>
/// <param name="Harness">The calling actor.</param>
/// <param name="Trap">Whether the actor unwinds.</param>
/// <param name="Number">The error number, 0 for none.</param>
/// <param name="Result">The bytes of the result.</param>
/// <param name="Events">The traced events.</param>
internal sealed record SyscallResult(SyscallHarness Harness, TrapCode Trap, uint Number, byte[] Result, ExecutionEvent[] Events)
{
    /// <summary>The result as an i32.</summary>
    public uint U32 => BinaryPrimitives.ReadUInt32LittleEndian(Result);

    /// <summary>The result as an i64.</summary>
    public ulong U64 => BinaryPrimitives.ReadUInt64LittleEndian(Result);

    /// <summary>The result as an amount.</summary>
    public UInt128 U128 => BinaryPrimitives.ReadUInt128LittleEndian(Result);

    /// <summary>The traced charges.</summary>
    public GasCharge[] Charges => [.. Events.OfType<GasChargeEvent>().Select(static e => e.Charge)];

    /// <summary>Asserts success.</summary>
    public SyscallResult Succeeds(params GasCharge[] charges)
    {
        Assert.Multiple(() =>
        {
            Assert.That((Trap, Number, Harness.Instance.LastError), Is.EqualTo((TrapCode.None, 0u, (string?)null)));
            Costs(charges);
        });
        return this;
    }

    /// <summary>Asserts an error visible to the actor, and an unwritten result.</summary>
    public SyscallResult Fails(ErrorNumber number, params GasCharge[] charges)
    {
        Assert.Multiple(() =>
        {
            Assert.That((Trap, (ErrorNumber)Number), Is.EqualTo((TrapCode.None, number)), Harness.Instance.LastError);
            Assert.That(Harness.Instance.LastError, Is.Not.Null);
            Assert.That(Result, Is.All.EqualTo(SyscallHarness.Untouched));
            Costs(charges);
        });
        return this;
    }

    /// <summary>Asserts that the actor unwinds because it is out of gas, and that none is left.</summary>
    public SyscallResult RunsOut(params GasCharge[] charges)
    {
        Assert.Multiple(() =>
        {
            Unwinds(OutcomeKind.OutOfGas);
            Costs(charges);
            Assert.That(Harness.Execution.Gas.Available, Is.EqualTo(Gas.Zero));
        });
        return this;
    }

    /// <summary>Asserts that the actor unwinds with a fatal error.</summary>
    public SyscallResult IsFatal(params GasCharge[] charges)
    {
        Assert.Multiple(() =>
        {
            Unwinds(OutcomeKind.Fatal);
            Costs(charges);
        });
        return this;
    }

    /// <summary>Asserts that the actor exits.</summary>
    public Abort Exits(params GasCharge[] charges)
    {
        Assert.Multiple(() =>
        {
            Unwinds(OutcomeKind.Exit);
            Costs(charges);
        });
        return Harness.Instance.Parked!;
    }

    /// <summary>
    /// Makes a successful syscall, and repeats it with one milligas too little for each of its charges in turn: it runs out of gas at that
    /// charge, after the same charges before it.
    /// </summary>
    public static void RunsOutAtEachCharge(Func<SyscallHarness> create, Func<SyscallHarness, SyscallResult> call)
    {
        GasCharge[] charges;
        using (SyscallHarness harness = create())
        {
            SyscallResult result = call(harness);
            Assert.That((result.Trap, result.Number), Is.EqualTo((TrapCode.None, 0u)), harness.Instance.LastError);
            charges = result.Charges;
        }

        Gas before = Gas.Zero;
        for (int i = 0; i < charges.Length; before += charges[i++].Total)
        {
            if (charges[i].Total.IsZero)
            {
                continue;
            }

            using SyscallHarness harness = create();
            harness.LeaveGas(before + charges[i].Total - Gas.OfMilli(1));
            SyscallResult result = call(harness);
            Assert.Multiple(() =>
            {
                result.Unwinds(OutcomeKind.OutOfGas);
                Assert.That(result.Charges.Select(static c => c.Name), Is.EqualTo(charges.Take(i + 1).Select(static c => c.Name)));
                Assert.That(harness.Execution.Gas.Available, Is.EqualTo(Gas.Zero));
            });
        }
    }

    private void Unwinds(OutcomeKind kind) =>
        Assert.That((Trap, Harness.Instance.Parked?.Kind), Is.EqualTo((TrapCode.HostFault, (OutcomeKind?)kind)), Harness.Instance.Parked?.Message);

    private void Costs(GasCharge[] charges)
    {
        Assert.That(Charges, Is.EqualTo(Harness.CallCharges.Concat(charges)));
        Assert.That(Harness.GasLeft, Is.EqualTo((long)Harness.Execution.Gas.Available.Milli), "the actor's counter is set anew");
    }
}
