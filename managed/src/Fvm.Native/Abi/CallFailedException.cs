namespace Fvm.Native;

/// <summary>A call that cannot be answered although its arguments were good.</summary>
internal sealed class CallFailedException(string message) : Exception(message);
