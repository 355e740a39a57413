namespace Fvm.Sidecar;

/// <summary>How a callback ended.</summary>
internal enum CallbackEnd
{
    /// <summary>The client answered.</summary>
    Given,

    /// <summary>The client answered that it could not.</summary>
    Failed,

    /// <summary>No answer came in time, or the call was cancelled.</summary>
    None,
}
