using System.Numerics;

namespace Fvm.Wasm;

/// <summary>
/// The free temporary registers, out of <see cref="CallingConvention.Temporaries"/>; no other register is ever free. A free register may be kept:
/// its content is still of use, until it is allocated.
/// </summary>
internal sealed class RegisterFile
{
    /// <summary>The function's temporary registers and the free ones among them, as bit sets.</summary>
    private uint _all = CallingConvention.Temporaries;
    private uint _free = CallingConvention.Temporaries;

    /// <summary>The kept registers, all of them free, as a bit set.</summary>
    public uint Kept { get; private set; }

    /// <summary>Begins a function.</summary>
    /// <param name="registers">The function's temporary registers, as a bit set.</param>
    public void Reset(uint registers)
    {
        _all = registers;
        _free = registers;
        Kept = 0;
    }

    public bool HasFree => _free != 0;

    public bool IsFree(Register register) => (_free & Bit(register)) != 0;

    /// <summary>Allocates the free register with the lowest number, one that is not kept if possible. There must be one.</summary>
    public Register Allocate()
    {
        uint unused = _free & ~Kept;
        Register register = LowestOf(unused != 0 ? unused : _free);
        Allocate(register);
        return register;
    }

    /// <summary>Allocates the given register, which must be free.</summary>
    public void Allocate(Register register)
    {
        _free &= ~Bit(register);
        Kept &= ~Bit(register);
    }

    /// <summary>Keeps the free register with the highest number, which is allocated last; a kept one only if there is no other.</summary>
    public Register Keep()
    {
        uint unused = _free & ~Kept;
        Register register = (Register)BitOperations.Log2(unused != 0 ? unused : _free);
        Kept |= Bit(register);
        return register;
    }

    /// <summary>Ends the use of a kept register.</summary>
    public void Release(Register register) => Kept &= ~Bit(register);

    /// <summary>Ends the use of all kept registers.</summary>
    public void ReleaseKept() => Kept = 0;

    /// <summary>Frees a register; ignores registers that are not temporary, and <see cref="Register.None"/>.</summary>
    public void Free(Register register) => _free |= Bit(register) & _all;

    /// <summary>Frees a bit set of temporary registers.</summary>
    public void Free(uint registers) => _free |= registers;

    public void FreeAll() => _free = _all;

    /// <summary>The register with the lowest number in a bit set that is not empty.</summary>
    public static Register LowestOf(uint registers) => (Register)BitOperations.TrailingZeroCount(registers);

    public static uint Bit(Register register) => 1u << (int)register;
}
