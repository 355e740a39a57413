namespace Fvm.Sidecar;

/// <summary>Invalid arguments; the message is one line that says what to do instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
