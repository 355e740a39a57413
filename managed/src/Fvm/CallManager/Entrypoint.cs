namespace Fvm;

/// <summary>The entry point of an invocation.</summary>
internal enum Entrypoint
{
    /// <summary>A method called by a message or a send.</summary>
    Invoke,

    /// <summary>The constructor of an account created by a send to its key address. Not traced as a call.</summary>
    ImplicitConstructor,
}
