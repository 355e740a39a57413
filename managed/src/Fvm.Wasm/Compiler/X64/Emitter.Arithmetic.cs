namespace Fvm.Wasm;

/// <summary>Two-operand integer instructions. Constants are sign-extended to the width.</summary>
internal sealed partial class Emitter
{
    public void Op(Alu op, Width width, Register to, Register from) => Registers(0, ((int)op << 3) | 3, width, (int)to, (int)from);

    public void Op(Alu op, Width width, Register to, in Address from) => Memory(0, ((int)op << 3) | 3, width, (int)to, in from);

    public void Op(Alu op, Width width, in Address to, Register from) => Memory(0, ((int)op << 3) | 1, width, (int)from, in to);

    public void Op(Alu op, Width width, Register to, int value)
    {
        bool small = value == (sbyte)value;
        Registers(0, small ? 0x83 : 0x81, width, (int)op, (int)to);
        Immediate(small, value);
    }

    public void Op(Alu op, Width width, in Address to, int value)
    {
        bool small = value == (sbyte)value;
        Memory(0, small ? 0x83 : 0x81, width, (int)op, in to);
        Immediate(small, value);
    }

    public void Add(Width width, Register to, Register from) => Op(Alu.Add, width, to, from);

    public void Add(Width width, Register to, in Address from) => Op(Alu.Add, width, to, in from);

    public void Add(Width width, in Address to, Register from) => Op(Alu.Add, width, in to, from);

    public void Add(Width width, Register to, int value) => Op(Alu.Add, width, to, value);

    public void Add(Width width, in Address to, int value) => Op(Alu.Add, width, in to, value);

    public void Or(Width width, Register to, Register from) => Op(Alu.Or, width, to, from);

    public void Or(Width width, Register to, in Address from) => Op(Alu.Or, width, to, in from);

    public void Or(Width width, in Address to, Register from) => Op(Alu.Or, width, in to, from);

    public void Or(Width width, Register to, int value) => Op(Alu.Or, width, to, value);

    public void Or(Width width, in Address to, int value) => Op(Alu.Or, width, in to, value);

    public void Sbb(Width width, Register to, Register from) => Op(Alu.Sbb, width, to, from);

    public void Sbb(Width width, Register to, in Address from) => Op(Alu.Sbb, width, to, in from);

    public void Sbb(Width width, in Address to, Register from) => Op(Alu.Sbb, width, in to, from);

    public void Sbb(Width width, Register to, int value) => Op(Alu.Sbb, width, to, value);

    public void Sbb(Width width, in Address to, int value) => Op(Alu.Sbb, width, in to, value);

    public void And(Width width, Register to, Register from) => Op(Alu.And, width, to, from);

    public void And(Width width, Register to, in Address from) => Op(Alu.And, width, to, in from);

    public void And(Width width, in Address to, Register from) => Op(Alu.And, width, in to, from);

    public void And(Width width, Register to, int value) => Op(Alu.And, width, to, value);

    public void And(Width width, in Address to, int value) => Op(Alu.And, width, in to, value);

    public void Sub(Width width, Register to, Register from) => Op(Alu.Sub, width, to, from);

    public void Sub(Width width, Register to, in Address from) => Op(Alu.Sub, width, to, in from);

    public void Sub(Width width, in Address to, Register from) => Op(Alu.Sub, width, in to, from);

    public void Sub(Width width, Register to, int value) => Op(Alu.Sub, width, to, value);

    public void Sub(Width width, in Address to, int value) => Op(Alu.Sub, width, in to, value);

    public void Xor(Width width, Register to, Register from) => Op(Alu.Xor, width, to, from);

    public void Xor(Width width, Register to, in Address from) => Op(Alu.Xor, width, to, in from);

    public void Xor(Width width, in Address to, Register from) => Op(Alu.Xor, width, in to, from);

    public void Xor(Width width, Register to, int value) => Op(Alu.Xor, width, to, value);

    public void Xor(Width width, in Address to, int value) => Op(Alu.Xor, width, in to, value);

    public void Cmp(Width width, Register to, Register from) => Op(Alu.Cmp, width, to, from);

    public void Cmp(Width width, Register to, in Address from) => Op(Alu.Cmp, width, to, in from);

    public void Cmp(Width width, in Address to, Register from) => Op(Alu.Cmp, width, in to, from);

    public void Cmp(Width width, Register to, int value) => Op(Alu.Cmp, width, to, value);

    public void Cmp(Width width, in Address to, int value) => Op(Alu.Cmp, width, in to, value);
}
