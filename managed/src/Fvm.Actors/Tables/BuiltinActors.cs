namespace Fvm.Actors;

/// <summary>The builtin actors of all versions by name: their methods, and the shapes of parameters, return values and state.</summary>
public sealed class BuiltinActors
{
    private const string Extension = ".schema";
    private const string Common = "common" + Extension;

    private static readonly Lazy<BuiltinActors> Loaded = new(static () => new BuiltinActors());

    private readonly Dictionary<string, ActorSchema> _actors = new(StringComparer.Ordinal);

    private BuiltinActors()
    {
        IReadOnlyDictionary<string, TupleShape> shared = SchemaParser.ParseTypes(Common, LinesOf(Common));
        foreach (string file in typeof(BuiltinActors).Assembly.GetManifestResourceNames())
        {
            if (file.EndsWith(Extension, StringComparison.Ordinal) && file != Common)
            {
                ActorSchema actor = SchemaParser.Parse(file, LinesOf(file), shared);
                _actors.Add(actor.Name, actor);
            }
        }
    }

    /// <summary>The table, which is read when it is first used.</summary>
    public static BuiltinActors Table => Loaded.Value;

    /// <summary>The first version in the table.</summary>
    public static int FirstVersion => 8;

    /// <summary>The last version in the table.</summary>
    public static int LastVersion => 19;

    internal IReadOnlyDictionary<string, ActorSchema> Actors => _actors;

    /// <summary>A method of an actor.</summary>
    /// <param name="actor">The actor's name in the manifest.</param>
    /// <param name="version">The actors' version.</param>
    /// <param name="method">The method's number.</param>
    /// <returns>Null if the actor has no such method, or is not known.</returns>
    public ActorMethod? FindMethod(string actor, int version, MethodNumber method) =>
        _actors.TryGetValue(actor, out ActorSchema? schema) && schema.MethodOf(method, version) is MethodRow row
            ? new ActorMethod(row, version)
            : null;

    /// <summary>The methods of an actor; none if it is not known.</summary>
    /// <param name="actor">The actor's name in the manifest.</param>
    /// <param name="version">The actors' version.</param>
    public IReadOnlyList<ActorMethod> MethodsOf(string actor, int version) => _actors.TryGetValue(actor, out ActorSchema? schema)
        ? [.. schema.Methods.Where(row => row.Versions.Contains(version)).Select(row => new ActorMethod(row, version))]
        : [];

    /// <summary>Decodes the root block of an actor's state.</summary>
    /// <param name="actor">The actor's name in the manifest.</param>
    /// <param name="version">The actors' version; null for the newest whose shape fits.</param>
    /// <param name="block">The block.</param>
    /// <returns>Null if the actor is not known or has no state.</returns>
    public DecodedValue? DecodeState(string actor, int? version, ReadOnlySpan<byte> block)
    {
        if (!_actors.TryGetValue(actor, out ActorSchema? schema))
        {
            return null;
        }

        DecodedValue? first = null;
        for (int at = version ?? LastVersion; at >= (version ?? FirstVersion); at--)
        {
            if (schema.StateOf(at) is Shape shape)
            {
                DecodedValue decoded = ShapeDecoder.Decode(shape, at, block);
                if (decoded.Misfit is null)
                {
                    return decoded;
                }

                first ??= decoded;
            }
        }

        return first;
    }

    private static IEnumerable<string> LinesOf(string resource)
    {
        using StreamReader reader = new(typeof(BuiltinActors).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the resource {resource} is missing"));
        while (reader.ReadLine() is string line)
        {
            yield return line;
        }
    }
}
