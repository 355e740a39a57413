using System.Runtime.CompilerServices;
using Fvm.Crypto;

namespace Fvm.Wasm;

/// <summary>
/// The values of one function that need a slot in its frame, as an optimising compiler sees them: value numbering merges equal values; pure
/// values are computed at their first use, outside the loops in which they are invariant; constants and additions of a constant are free,
/// since both are rematerialised. Each value has a live interval, and the maximum number of overlapping intervals is the frame's size.
/// </summary>
internal sealed partial class FrameValues
{
    /// <summary>The zero of each class: the initial value of locals.</summary>
    public const int Zero = 0;
    public const int FloatZero = 1;

    private const int None = -1;

    private readonly Dictionary<Key, int> _numbers = [];
    private Value[] _values = new Value[256];
    private int _count;

    /// <summary>The function's loops and merges.</summary>
    public FrameRegions Regions { get; } = new();

    /// <summary>Number of the current instruction.</summary>
    public int At { get; set; }

    /// <summary>Incremented at each end of a basic block and at each possible write to memory.</summary>
    public int Boundary { get; set; }

    /// <summary>Prepares for the next function.</summary>
    /// <param name="instructions">Number of its instructions.</param>
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

    /// <summary>A value available from an instruction on, such as a call's result.</summary>
    public int Root(bool isFloat, int at) => Add(new Value { Kind = Kind.Root, IsFloat = isFloat, Defined = at, Last = at });

    /// <summary>Finds the value of an equal operation computed before.</summary>
    public bool TryFind(int operation, int first, int second, long extra, out int value) =>
        _numbers.TryGetValue(new Key(operation, first, second, None, extra), out value);

    /// <summary>Enters a value under the key of its operation.</summary>
    public void Name(int operation, int first, int second, long extra, int value) =>
        _numbers[new Key(operation, first, second, None, extra)] = value;

    /// <summary>A value that depends on its operands alone, computed at its first use.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="isFloat">The class.</param>
    /// <param name="isCheap">Whether it is rematerialised after each boundary if an operand is constant.</param>
    /// <param name="first">First operand.</param>
    /// <param name="second">Second operand, or none.</param>
    /// <param name="third">Third operand, or none.</param>
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

    /// <summary>A constant: numbered, but without a slot.</summary>
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

    private readonly record struct Key(int Operation, int First, int Second, int Third, long Extra)
    {
        // Keyed: a module chooses its constants.
        public override int GetHashCode()
        {
            ulong hash = KeyedHash.Of(Pair(Operation, First));
            hash = KeyedHash.Combine(hash, Pair(Second, Third));
            return KeyedHash.ToHashCode(KeyedHash.Combine(hash, (ulong)Extra));
        }

        private static ulong Pair(int high, int low) => ((ulong)(uint)high << 32) | (uint)low;
    }
}
