using Fvm.Wasm.Binary;
using Fvm.Wasm.Module;

namespace Fvm.Wasm.Compiler;

/// <summary>
/// Looks over a function before code is made for it: how often each local is used, loops counting more, how much room calls need for
/// arguments, and which loops repeat. One walk over the instructions.
/// </summary>
internal sealed class LocalUses
{
    /// <summary>A loop counts for this power of two, at most <see cref="MaxLoops"/> times.</summary>
    private const int LoopShift = 3;
    private const int MaxLoops = 3;

    private uint[] _weights = new uint[64];
    private bool[] _isLoop = new bool[64];

    /// <summary>Most arguments of a call; -1 where there is no call of any kind.</summary>
    public int MaxArguments { get; private set; }

    /// <summary>A number for each local that grows with its uses.</summary>
    public ReadOnlySpan<uint> Weights => _weights;

    /// <summary>What the function's loops do.</summary>
    public LoopEffects Loops { get; } = new();

    public void Count(WasmModule module, FunctionBody body, int locals)
    {
        if (_weights.Length < locals)
        {
            Array.Resize(ref _weights, Math.Max(locals, 2 * _weights.Length));
        }

        Array.Clear(_weights, 0, locals);
        MaxArguments = -1;
        Loops.Reset(locals, module.Globals.Length);
        int depth = 0;
        int loops = 0;
        InstructionReader reader = new(module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            if (loops > 0)
            {
                Loops.Visit(in reader);
            }

            switch (reader.Opcode)
            {
                case Opcode.LocalGet:
                case Opcode.LocalSet:
                case Opcode.LocalTee:
                    uint weight = _weights[reader.Index] + (1u << (LoopShift * Math.Min(loops, MaxLoops)));
                    _weights[reader.Index] = weight;
                    break;
                case Opcode.Loop:
                    loops++;
                    Loops.Open(reader.Offset);
                    Push(ref depth, true);
                    break;
                case Opcode.Block:
                case Opcode.If:
                    Push(ref depth, false);
                    break;
                case Opcode.End:
                    depth--;
                    if (depth >= 0 && _isLoop[depth])
                    {
                        loops--;
                        Loops.Close();
                    }

                    break;
                case Opcode.Call:
                    Arguments(module.TypeOf((int)reader.Index).Parameters.Length);
                    break;
                case Opcode.CallIndirect:
                    Arguments(module.Types[(int)reader.Index].Parameters.Length);
                    break;
                default:
                    if (Helper.IsNeededFor(reader.Opcode))
                    {
                        Arguments(Helper.MaxArguments);
                    }

                    break;
            }
        }
    }

    private void Arguments(int count) => MaxArguments = Math.Max(MaxArguments, count);

    private void Push(ref int depth, bool isLoop)
    {
        if (depth == _isLoop.Length)
        {
            Array.Resize(ref _isLoop, depth * 2);
        }

        _isLoop[depth++] = isLoop;
    }
}
