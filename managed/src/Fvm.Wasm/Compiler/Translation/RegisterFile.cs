using System.Numerics;

namespace Fvm.Wasm;

/// <summary>Which of the registers for intermediate values (<see cref="CallingConvention.Temporaries"/>) are free. Others are never.</summary>
internal sealed class RegisterFile
{
    /// <summary>All of them, and the free ones, as sets of bits.</summary>
    private uint _all = CallingConvention.Temporaries;
    private uint _free = CallingConvention.Temporaries;

    /// <summary>Begins a function.</summary>
    /// <param name="registers">The temporary registers that it has, as a set of bits.</param>
    public void Reset(uint registers)
    {
        _all = registers;
        _free = registers;
    }

    public bool HasFree => _free != 0;

    public bool IsFree(Register register) => (_free & Bit(register)) != 0;

    /// <summary>Takes the free register with the lowest number. There must be one.</summary>
    public Register Allocate()
    {
        Register register = (Register)BitOperations.TrailingZeroCount(_free);
        _free &= _free - 1;
        return register;
    }

    /// <summary>Takes a certain register, which must be free.</summary>
    public void Allocate(Register register) => _free &= ~Bit(register);

    /// <summary>Gives a register back; nothing happens with one that is no temporary, or <see cref="Register.None"/>.</summary>
    public void Free(Register register) => _free |= Bit(register) & _all;

    /// <summary>Gives a set of temporary registers back, by their bits.</summary>
    public void Free(uint registers) => _free |= registers;

    public void FreeAll() => _free = _all;

    public static uint Bit(Register register) => 1u << (int)register;
}
