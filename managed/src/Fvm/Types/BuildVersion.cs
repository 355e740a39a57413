namespace Fvm;

/// <summary>
/// The project's version, such as <c>0.1.0</c>, and the commit that it was built from: <c>unknown</c> outside a repository, with <c>-dirty</c>
/// after it if the work tree had changes and one of the scripts published it. The constants are written by the build (Fvm.csproj).
/// </summary>
public static partial class BuildVersion
{
    /// <summary>Both, in the form of semantic versions with build metadata.</summary>
    public static string Text => $"{Version}+{Commit}";
}
