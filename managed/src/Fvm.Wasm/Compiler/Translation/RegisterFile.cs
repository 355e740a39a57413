using System.Numerics;

namespace Fvm.Wasm;

/// <summary>The free temporary registers, out of <see cref="CallingConvention.Temporaries"/>; no other register is ever free.</summary>
internal sealed class RegisterFile
{
    /// <summary>The function's temporary registers and the free ones among them, as bit sets.</summary>
    private uint _all = CallingConvention.Temporaries;
    private uint _free = CallingConvention.Temporaries;

    /// <summary>Begins a function.</summary>
    /// <param name="registers">The function's temporary registers, as a bit set.</param>
    public void Reset(uint registers)
    {
        _all = registers;
        _free = registers;
    }

    public bool HasFree => _free != 0;

    public bool IsFree(Register register) => (_free & Bit(register)) != 0;

    /// <summary>Allocates the free register with the lowest number. There must be one.</summary>
    public Register Allocate()
    {
        Register register = (Register)BitOperations.TrailingZeroCount(_free);
        _free &= _free - 1;
        return register;
    }

    /// <summary>Allocates the given register, which must be free.</summary>
    public void Allocate(Register register) => _free &= ~Bit(register);

    /// <summary>Frees a register; ignores registers that are not temporary, and <see cref="Register.None"/>.</summary>
    public void Free(Register register) => _free |= Bit(register) & _all;

    /// <summary>Frees a bit set of temporary registers.</summary>
    public void Free(uint registers) => _free |= registers;

    public void FreeAll() => _free = _all;

    public static uint Bit(Register register) => 1u << (int)register;
}
