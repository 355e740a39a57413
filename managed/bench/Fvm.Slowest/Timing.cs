namespace Fvm.Slowest;

/// <summary>The times of one machine for one loop: the minimum over all turns.</summary>
internal sealed class Timing
{
    private TimeSpan _few = TimeSpan.MaxValue;
    private TimeSpan _many = TimeSpan.MaxValue;
    private TimeSpan _least = TimeSpan.MaxValue;
    private int _difference = 1;

    /// <summary>Number of repetitions of the longer runs; 0 before the first.</summary>
    public int Repetitions { get; private set; }

    /// <summary>Gas used by the message.</summary>
    public ulong Gas { get; set; }

    public double NanosecondsPerGas =>
        Math.Max(_least < TimeSpan.MaxValue ? _least.TotalNanoseconds : (_many - _few).TotalNanoseconds / _difference, 1) / Gas;

    /// <summary>Adds a turn of a steady message, by its minimum.</summary>
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
