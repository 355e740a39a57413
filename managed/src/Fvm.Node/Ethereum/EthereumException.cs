namespace Fvm.Node;

/// <summary>Bytes or texts of Ethereum's formats are malformed or not supported; the message is one line for the client.</summary>
internal sealed class EthereumException(string message) : Exception(message);
