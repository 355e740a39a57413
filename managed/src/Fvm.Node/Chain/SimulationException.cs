namespace Fvm.Node;

/// <summary>A simulation is refused as a whole.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">What is wrong, where, and what would be right.</param>
internal sealed class SimulationException(SimulationFault fault, string message) : Exception(message)
{
    public SimulationFault Fault { get; } = fault;
}
