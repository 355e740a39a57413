namespace Fvm.Wasm;

internal sealed partial class FrameModel
{
    private Block[] _blocks = new Block[16];
    private int _depth;
    private bool _reachable;
    private int _nextLoop;

    private void Open(BlockKind kind, ValueKind result)
    {
        if (_depth == _blocks.Length)
        {
            Array.Resize(ref _blocks, 2 * _depth);
        }

        _blocks[_depth++] = new Block { Kind = kind, Result = result, Start = _values.At, Height = _height };
    }

    private void BranchTo(int label)
    {
        ref Block target = ref _blocks[_depth - 1 - label];
        target.IsTarget = true;
        if (target.Kind != BlockKind.Loop && target.Result != ValueKind.Empty)
        {
            _values.Use(_stack[_height - 1]);
        }
    }

    private void Else()
    {
        ref Block block = ref _blocks[_depth - 1];
        FinishArm(ref block);
        _values.Regions.Merge(block.Start, _values.At);
        _values.Boundary++;
        block.Kind = BlockKind.Else;
        block.IsTarget |= _reachable;
        block.Start = _values.At;
        _height = block.Height;
        _reachable = true;
    }

    private void End()
    {
        Block block = _blocks[--_depth];
        if (block.Kind == BlockKind.Loop)
        {
            _values.Regions.LeaveLoop();
        }

        if (_depth == 0)
        {
            FinishArm(ref block);
            return;
        }

        // A block without a branch to its end does not become a basic block of its own.
        bool merges = block.Kind == BlockKind.If || (block.Kind != BlockKind.Loop && block.IsTarget);
        if (!merges && _reachable)
        {
            return;
        }

        FinishArm(ref block);
        _reachable |= merges;
        _height = block.Height;
        if (!_reachable)
        {
            return;
        }

        _values.Regions.Merge(block.Start, _values.At);
        _values.Boundary++;
        if (block.Result != ValueKind.Empty)
        {
            Push(_values.Root(IsFloat(block.Result), _values.At));
        }
    }

    private void FinishArm(ref Block block)
    {
        if (_reachable && block.Result != ValueKind.Empty)
        {
            _values.Use(Pop());
        }
    }

    private enum BlockKind : byte
    {
        Block,
        Loop,
        If,
        Else,
    }

    private struct Block
    {
        public BlockKind Kind;
        public ValueKind Result;
        public bool IsTarget;
        public int Start;
        public int Height;
    }
}
