namespace Fvm.Ipld;

/// <summary>Compressed data are truncated or corrupt; the message is one line.</summary>
internal sealed class PackingException(string message, Exception? inner = null) : IOException(message, inner);
