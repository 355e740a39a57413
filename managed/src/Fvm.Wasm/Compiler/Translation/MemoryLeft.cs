namespace Fvm.Wasm;

/// <summary>
/// Free temporary registers that still hold the number of bytes from a local's value to the end of memory, negative if it lies behind the end.
/// A further check of an access through the same local is then one comparison with a constant, without a load. Valid until the register is
/// allocated, the local is set, memory may have grown (as the check would refuse what is in memory now), or control flow merges.
/// </summary>
/// <param name="registers">The temporary registers.</param>
internal sealed class MemoryLeft(RegisterFile registers)
{
    private readonly int[] _locals = new int[16];

    /// <summary>Forgets all registers.</summary>
    public void Clear() => registers.ReleaseKept();

    /// <summary>Forgets a local that is set.</summary>
    public void Forget(int local)
    {
        for (uint kept = registers.Kept; kept != 0; kept &= kept - 1)
        {
            Register register = RegisterFile.LowestOf(kept);
            if (_locals[(int)register] == local)
            {
                registers.Release(register);
            }
        }
    }

    /// <summary>Finds the register of a local.</summary>
    public bool TryFind(int local, out Register register)
    {
        for (uint kept = registers.Kept; kept != 0; kept &= kept - 1)
        {
            register = RegisterFile.LowestOf(kept);
            if (_locals[(int)register] == local)
            {
                return true;
            }
        }

        register = Register.None;
        return false;
    }

    /// <summary>Takes a free register for a local; the caller loads it. There must be one (see <see cref="RegisterFile.HasFree"/>).</summary>
    public Register Keep(int local)
    {
        Register register = registers.Keep();
        _locals[(int)register] = local;
        return register;
    }
}
