namespace Fvm.Hosting;

/// <summary>Work in the order of priority, and of arrival among equals. Allocates nothing after its creation. Not thread-safe.</summary>
internal sealed class WorkQueue
{
    // One list per priority, the most urgent first.
    private readonly List[] _lists = new List[(int)LanePriority.Low + 1];

    /// <summary>The priority of the next work; null for none.</summary>
    public LanePriority? Next
    {
        get
        {
            int next = Array.FindIndex(_lists, static list => !list.IsEmpty);
            return next < 0 ? null : (LanePriority)next;
        }
    }

    public void Add(LaneWork work) => _lists[(int)work.Priority].Add(work);

    /// <summary>Removes the next work; null for none.</summary>
    public LaneWork? Take()
    {
        LaneWork? work = null;
        for (int i = 0; work is null && i < _lists.Length; i++)
        {
            work = _lists[i].Take();
        }

        return work;
    }

    private struct List
    {
        private LaneWork? _first;
        private LaneWork? _last;

        public readonly bool IsEmpty => _first is null;

        public void Add(LaneWork work)
        {
            work.Next = null;
            if (_last is null)
            {
                _first = work;
            }
            else
            {
                _last.Next = work;
            }

            _last = work;
        }

        public LaneWork? Take()
        {
            LaneWork? work = _first;
            _first = work?.Next;
            _last = _first is null ? null : _last;
            return work;
        }
    }
}
