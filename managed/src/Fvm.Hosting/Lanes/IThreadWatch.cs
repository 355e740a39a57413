namespace Fvm.Hosting;

/// <summary>
/// Detects threads that never return from a callback of the host, such as one that it ended in native code. Called where nothing may be
/// allocated.
/// </summary>
public interface IThreadWatch
{
    /// <summary>The calling thread's identifier; 0 if there is none.</summary>
    nint Current();

    /// <summary>Whether a thread will never return.</summary>
    /// <param name="thread">An identifier from <see cref="Current"/>; 0 is never lost.</param>
    bool IsLost(nint thread);
}
