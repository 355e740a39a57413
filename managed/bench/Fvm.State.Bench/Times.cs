using System.Globalization;

namespace Fvm.State.Bench;

/// <summary>Processor times of a piece of work, and what it allocates.</summary>
internal sealed class Times
{
    private readonly List<TimeSpan> _times = [];
    private TimeSpan _start;
    private long _bytesBefore;
    private long _bytes;

    public void Begin()
    {
        _bytesBefore = GC.GetAllocatedBytesForCurrentThread();
        _start = Environment.CpuUsage.TotalTime;
    }

    public void End()
    {
        _times.Add(Environment.CpuUsage.TotalTime - _start);
        _bytes += GC.GetAllocatedBytesForCurrentThread() - _bytesBefore;
    }

    /// <summary>A line with minimum, median and mean.</summary>
    /// <param name="name">What was timed.</param>
    /// <param name="count">How often it was done per measurement.</param>
    /// <param name="unit">The unit of the times.</param>
    /// <param name="valueOf">A time in this unit.</param>
    public string Row(string name, int count, string unit, Func<TimeSpan, double> valueOf)
    {
        _times.Sort();
        double Of(TimeSpan time) => valueOf(time) / count;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-26} min {Of(_times[0]),8:F2} {unit}, median {Of(_times[_times.Count / 2]),8:F2} {unit}, "
            + $"mean {_times.Average(Of),8:F2} {unit}, allocated {_bytes / 1000.0 / count / _times.Count,8:F1} kB");
    }
}
