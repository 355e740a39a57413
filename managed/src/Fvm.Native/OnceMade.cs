namespace Fvm.Native;

/// <summary>
/// A value that is made at its first use, by one thread. Where making it fails it is made anew at the next use: a process that was short of
/// memory once is not so for ever.
/// </summary>
/// <param name="make">Makes it.</param>
internal sealed class OnceMade<T>(Func<T> make)
    where T : class
{
    private readonly object _gate = new();
    private T? _value;

    /// <summary>The value.</summary>
    public T Value => Volatile.Read(ref _value) ?? Make();

    private T Make()
    {
        lock (_gate)
        {
            return _value ??= make();
        }
    }
}
