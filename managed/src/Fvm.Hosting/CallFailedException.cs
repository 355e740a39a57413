namespace Fvm.Hosting;

/// <summary>A call that failed although its arguments were valid.</summary>
public sealed class CallFailedException(string message) : Exception(message);
