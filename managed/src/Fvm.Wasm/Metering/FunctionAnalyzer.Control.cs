namespace Fvm.Wasm;

/// <summary>Calls, branches and the ends of blocks.</summary>
internal sealed partial class FunctionAnalyzer
{
    private void Call(ref ControlBlock top, ulong cost, in InstructionReader reader)
    {
        int callee = (int)reader.Index;
        int type = _module.FunctionTypes[callee];
        bool imported = _module.IsImported(callee);
        if (!imported)
        {
            cost += _prices.CallBookkeeping;
        }

        Add(ref top, cost, in reader);
        Pop(in top, _parameterCounts[type], in reader);
        _height += _resultCounts[type];
    }

    private void Branch(ref ControlBlock top, ulong cost, bool conditional, in InstructionReader reader)
    {
        Add(ref top, cost, in reader);
        int target = _depth - 1 - (int)reader.Index;
        uint arity = _control[target].BranchArity;
        Pop(in top, arity, in reader);
        if (conditional)
        {
            Pop(in top, 1, in reader);
            _height += arity;
        }
        else
        {
            top.IsPolymorphic = true;
        }

        FinishBlock(reader.NextOffset);
        Target(ref top, target);
    }

    private void BranchTable(ref ControlBlock top, ulong cost, in InstructionReader reader)
    {
        Add(ref top, cost, in reader);
        BranchTargets targets = reader.Targets;
        bool first = true;
        uint arity = 0;
        FinishBlock(reader.NextOffset);
        while (targets.MoveNext())
        {
            int target = _depth - 1 - (int)targets.Current;
            uint targetArity = _control[target].BranchArity;
            arity = first ? targetArity : arity;
            first = false;
            if (targetArity != arity)
            {
                throw reader.Error("the targets of br_table take different numbers of operands");
            }

            // An oddity of the reference: the default target does not count as a branch, which decides where metered blocks end.
            if (!targets.IsDefault || _prices.Rules.CountsDefaultTarget)
            {
                Target(ref top, target);
            }
        }

        Pop(in top, arity, in reader);
        top.IsPolymorphic = true;
    }

    private void Target(ref ControlBlock top, int target)
    {
        if (!_control[target].IsLoop && target < top.LowestTarget)
        {
            top.LowestTarget = target;
        }
    }

    private void End(int next)
    {
        FinishBlock(next);
        ControlBlock closed = _control[--_depth];
        _height = closed.StartHeight + closed.EndArity;
        if (_depth == 0)
        {
            return;
        }

        ref ControlBlock top = ref _control[_depth - 1];
        if (closed.LowestTarget < top.LowestTarget)
        {
            top.LowestTarget = closed.LowestTarget;
        }

        // A branch may have left an enclosing block too: the code that follows does not always run after the code before it.
        if (closed.LowestTarget < _depth)
        {
            FinishBlock(next);
        }
    }
}
