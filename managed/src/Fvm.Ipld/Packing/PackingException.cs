// The error of reading compressed files.
namespace Fvm.Ipld;

/// <summary>Compressed data that are truncated or corrupt; the message is one line that says which.</summary>
public sealed class PackingException(string message, Exception? inner = null) : IOException(message, inner);
