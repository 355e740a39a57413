namespace Fvm.Hosting.Tests;

/// <summary>Work with an answer.</summary>
/// <param name="work">Makes the answer.</param>
/// <param name="ended">Called at the end of work that was begun.</param>
internal sealed class Work(Func<int> work, Func<bool>? ended = null) : LaneWork
{
    public int Answer { get; private set; }

    protected override void Run() => Answer = work();

    protected override void OnEnd() => ended?.Invoke();
}
