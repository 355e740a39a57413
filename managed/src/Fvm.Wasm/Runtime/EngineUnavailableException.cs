namespace Fvm.Wasm;

/// <summary>An engine cannot be made, because something that it needs is not there. The message is one line for the user.</summary>
public sealed class EngineUnavailableException(string message) : Exception(message);
