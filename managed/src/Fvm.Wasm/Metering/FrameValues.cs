// The values of one function that need a place in its frame.
using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// The values of one function as an optimising compiler sees them: numbered, so that equal ones are one; pure ones computed where they
/// are first needed, outside of the loops that do not change them; constants and what adds one free, since both are computed again.
/// Each has the interval of instructions in which it is needed, and most of those that overlap is what the frame has to hold.
/// </summary>
internal sealed partial class FrameValues
{
    /// <summary>The zero of each class: what locals hold that nobody has set.</summary>
    public const int Zero = 0;
    public const int FloatZero = 1;

    private const int None = -1;

    private readonly Dictionary<Key, int> _numbers = [];
    private Value[] _values = new Value[256];
    private int _count;

    /// <summary>The function's loops and merges.</summary>
    public FrameRegions Regions { get; } = new();

    /// <summary>The number of the instruction that is looked at.</summary>
    public int At { get; set; }

    /// <summary>Grows with whatever ends a block of machine code or may write memory.</summary>
    public int Boundary { get; set; }

    /// <summary>Starts with a function.</summary>
    /// <param name="instructions">How many it has.</param>
    public void Reset(int instructions)
    {
        _numbers.Clear();
        _count = 0;
        Regions.Reset();
        _length = instructions + 2;
        if (_integers.Length < _length)
        {
            _integers = new int[2 * _length];
            _floats = new int[2 * _length];
        }

        Array.Clear(_integers, 0, _length);
        Array.Clear(_floats, 0, _length);
        _steps = 1000 + (4L * instructions);
        At = 0;
        Boundary = 0;
        Add(new Value { Kind = Kind.Constant });
        Add(new Value { Kind = Kind.Constant, IsFloat = true });
    }

    public bool IsFloat(int value) => _values[value].IsFloat;

    private bool IsConstant(int value) => _values[value].Kind == Kind.Constant;

    /// <summary>A value that is there from an instruction on, such as a call's result.</summary>
    public int Root(bool isFloat, int at) => Add(new Value { Kind = Kind.Root, IsFloat = isFloat, Defined = at, Last = at });

    /// <summary>A value that is computed at this instruction, or was by an equal one before.</summary>
    public bool TryFind(int operation, int first, int second, long extra, out int value) =>
        _numbers.TryGetValue(new Key(operation, first, second, None, extra), out value);

    /// <summary>Remembers by what a value is found.</summary>
    public void Name(int operation, int first, int second, long extra, int value) =>
        _numbers[new Key(operation, first, second, None, extra)] = value;

    /// <summary>A value that depends on its operands alone, computed when and where it is needed.</summary>
    /// <param name="operation">What computes it.</param>
    /// <param name="isFloat">Its class.</param>
    /// <param name="isCheap">Whether it is computed again after each boundary, where an operand is constant.</param>
    /// <param name="first">An operand.</param>
    /// <param name="second">Another, or none.</param>
    /// <param name="third">And another, or none.</param>
    public int Pure(int operation, bool isFloat, bool isCheap, int first, int second = None, int third = None)
    {
        Key key = new(operation, first, second, third, 0);
        if (_numbers.TryGetValue(key, out int known))
        {
            return known;
        }

        bool hasConstant = IsConstant(first) || (second >= 0 && IsConstant(second));
        bool isConstant = IsConstant(first) && (second < 0 || IsConstant(second)) && (third < 0 || IsConstant(third));
        int value = Add(new Value
        {
            Kind = isConstant ? Kind.Constant : Kind.Pure,
            IsFloat = isFloat,
            IsCheap = isCheap && hasConstant,
            First = first,
            Second = second,
            Third = third,
            Defined = None,
        });
        _numbers.Add(key, value);
        return value;
    }

    /// <summary>A constant, which takes no room but has a number.</summary>
    public int ConstantOf(int operation, ulong bits, bool isFloat)
    {
        Key key = new(operation, None, None, None, (long)bits);
        if (!_numbers.TryGetValue(key, out int value))
        {
            value = Add(new Value { Kind = Kind.Constant, IsFloat = isFloat });
            _numbers.Add(key, value);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(in Value value)
    {
        if (_count == _values.Length)
        {
            Array.Resize(ref _values, 2 * _count);
        }

        _values[_count] = value;
        return _count++;
    }

    private enum Kind : byte
    {
        Constant,
        Root,
        Pure,
    }

    private struct Value
    {
        public Kind Kind;
        public bool IsFloat;
        public bool IsCheap;
        public int First;
        public int Second;
        public int Third;
        public int Defined;
        public int Last;
        public int Boundary;
    }

    private readonly record struct Key(int Operation, int First, int Second, int Third, long Extra);
}
