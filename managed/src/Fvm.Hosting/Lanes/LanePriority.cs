namespace Fvm.Hosting;

/// <summary>The order in which waiting messages get a thread and a processor; equal ones in the order of arrival.</summary>
public enum LanePriority
{
    /// <summary>Messages of tipsets.</summary>
    High,

    /// <summary>Anything else.</summary>
    Normal,

    /// <summary>Queries and estimates.</summary>
    Low,
}
