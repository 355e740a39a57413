namespace Fvm.Node.Bench;

/// <summary>A node that does not do what the bench expects.</summary>
internal sealed class BenchException(string message) : Exception(message);
