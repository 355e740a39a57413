namespace Fvm.Native;

/// <summary>The severity of a log line; a level includes the more severe ones.</summary>
internal enum LogLevel
{
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}
