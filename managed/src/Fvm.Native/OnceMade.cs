namespace Fvm.Native;

/// <summary>
/// A value created on first use, by one thread. A failed creation is retried on the next use, as a lack of memory need not be permanent.
/// </summary>
/// <param name="make">Creates the value.</param>
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
