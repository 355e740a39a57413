namespace Fvm.Native;

/// <summary>A call that failed although its arguments were valid.</summary>
internal sealed class CallFailedException(string message) : Exception(message);
