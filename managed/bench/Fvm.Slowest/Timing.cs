namespace Fvm.Slowest;

/// <summary>What one machine took for one loop: the least of all turns.</summary>
internal sealed class Timing
{
    private TimeSpan _few = TimeSpan.MaxValue;
    private TimeSpan _many = TimeSpan.MaxValue;
    private TimeSpan _least = TimeSpan.MaxValue;
    private int _difference = 1;

    /// <summary>How many repetitions the longer runs have; 0 before the first.</summary>
    public int Repetitions { get; private set; }

    /// <summary>What the message used.</summary>
    public ulong Gas { get; set; }

    public double NanosecondsPerGas =>
        Math.Max(_least < TimeSpan.MaxValue ? _least.TotalNanoseconds : (_many - _few).TotalNanoseconds / _difference, 1) / Gas;

    /// <summary>Adds a turn of a message that takes the same each time, by what it took at least.</summary>
    public void Add(TimeSpan least, int repetitions)
    {
        _least = least < _least ? least : _least;
        Repetitions = repetitions;
    }

    /// <summary>Adds a turn: the times of a run with few repetitions and of one with many.</summary>
    public void Add(TimeSpan few, TimeSpan many, int fewRepetitions, int manyRepetitions)
    {
        _few = few < _few ? few : _few;
        _many = many < _many || manyRepetitions != Repetitions ? many : _many;
        _difference = manyRepetitions - fewRepetitions;
        Repetitions = manyRepetitions;
    }
}
