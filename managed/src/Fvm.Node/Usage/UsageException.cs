namespace Fvm.Node;

/// <summary>The arguments are unusable.</summary>
/// <param name="message">One line.</param>
internal sealed class UsageException(string message) : Exception(message);
