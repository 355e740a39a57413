namespace Fvm.Actors;

/// <summary>One builtin actor: its methods and state at all versions.</summary>
internal sealed class ActorSchema(string name, VersionRange versions, IReadOnlyList<MethodRow> methods, IReadOnlyList<StateRow> states)
{
    /// <summary>The name in the manifest.</summary>
    public string Name => name;

    public VersionRange Versions => versions;

    public IReadOnlyList<MethodRow> Methods => methods;

    public IReadOnlyList<StateRow> States => states;

    public MethodRow? MethodOf(MethodNumber number, int version)
    {
        foreach (MethodRow row in methods)
        {
            if (row.Number == number && row.Versions.Contains(version))
            {
                return row;
            }
        }

        return null;
    }

    public Shape? StateOf(int version)
    {
        foreach (StateRow row in states)
        {
            if (row.Versions.Contains(version))
            {
                return row.Shape;
            }
        }

        return null;
    }
}
