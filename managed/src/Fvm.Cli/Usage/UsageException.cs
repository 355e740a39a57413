// What a command throws when it was used wrongly.
namespace Fvm.Cli;

/// <summary>A wrong argument; the message is one line that says what to do instead.</summary>
public sealed class UsageException(string message) : Exception(message);
