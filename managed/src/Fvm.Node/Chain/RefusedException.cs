namespace Fvm.Node;

/// <summary>
/// The chain refuses a transaction or an operation. Texts about transactions begin with the phrases of geth, by which tools recognise them.
/// </summary>
/// <param name="message">One line.</param>
internal sealed class RefusedException(string message) : Exception(message);
