namespace Fvm;

/// <summary>How an actor is entered.</summary>
internal enum Entrypoint
{
    /// <summary>A method called by a message or a send.</summary>
    Invoke,

    /// <summary>The constructor of an account that a send to its key address creates. Not traced as a call.</summary>
    ImplicitConstructor,
}
