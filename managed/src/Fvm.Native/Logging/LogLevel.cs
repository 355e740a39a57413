namespace Fvm.Native;

/// <summary>How much a line of the log matters; a level shows itself and what is above it.</summary>
internal enum LogLevel
{
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}
