namespace Fvm.Node;

/// <summary>The node has too much to do.</summary>
/// <param name="message">One line.</param>
internal sealed class ChainBusyException(string message) : Exception(message);
