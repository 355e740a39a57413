namespace Fvm.Tracing;

/// <summary>A frame ends with an exit code of the EVM actor.</summary>
/// <param name="code">The exit code; null for whatever the actor ended with, after one of its own calls failed.</param>
internal sealed class EvmFault(uint? code) : Exception
{
    public const uint Reverted = 33;
    public const uint InvalidInstruction = 34;
    public const uint UndefinedInstruction = 35;
    public const uint StackUnderflow = 36;
    public const uint StackOverflow = 37;
    public const uint IllegalMemoryAccess = 38;
    public const uint BadJumpDestination = 39;
    public const uint SelfDestructFailed = 40;
    public const uint IllegalArgument = 16;
    public const uint Serialization = 21;
    public const uint ReadOnly = 25;

    public uint? Code => code;
}
