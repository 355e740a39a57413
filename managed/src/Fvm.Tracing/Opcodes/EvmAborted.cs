namespace Fvm.Tracing;

/// <summary>A frame ends where the machine ended it: without gas, or by a failure outside of the EVM.</summary>
internal sealed class EvmAborted : Exception;
