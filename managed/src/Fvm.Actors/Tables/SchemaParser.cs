using System.Globalization;

namespace Fvm.Actors;

/// <summary>Parses the schema of one actor; <c>Schema/README.md</c> describes its form.</summary>
internal sealed class SchemaParser
{
    private static readonly VersionRange AllVersions = new(0, int.MaxValue);

    private readonly Dictionary<string, TupleShape> _types;
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private readonly List<MethodRow> _methods = [];
    private readonly List<StateRow> _states = [];
    private readonly List<FieldRow> _fields = [];
    private string _name = string.Empty;
    private VersionRange _versions = AllVersions;
    private TupleShape? _open;

    /// <param name="shared">Types of other files.</param>
    private SchemaParser(IReadOnlyDictionary<string, TupleShape> shared)
    {
        _types = new Dictionary<string, TupleShape>(shared, StringComparer.Ordinal);
        _defined.UnionWith(shared.Keys);
    }

    /// <summary>Parses the file of an actor.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="shared">Types of other files.</param>
    /// <exception cref="FormatException">The file is malformed; the message names the line.</exception>
    public static ActorSchema Parse(string file, IEnumerable<string> lines, IReadOnlyDictionary<string, TupleShape> shared)
    {
        SchemaParser parser = new(shared);
        parser.Read(file, lines);
        return new ActorSchema(parser._name, parser._versions, parser._methods, parser._states);
    }

    /// <summary>Parses a file of types only.</summary>
    /// <exception cref="FormatException">The file is malformed; the message names the line.</exception>
    public static IReadOnlyDictionary<string, TupleShape> ParseTypes(string file, IEnumerable<string> lines)
    {
        SchemaParser parser = new(new Dictionary<string, TupleShape>(StringComparer.Ordinal));
        parser.Read(file, lines);
        return parser._types;
    }

    private void Read(string file, IEnumerable<string> lines)
    {
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            try
            {
                ReadLine(line);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
            {
                throw new FormatException($"{file}, line {number}: {error.Message}", error);
            }
        }

        Close();
        foreach (string type in _types.Keys)
        {
            if (!_defined.Contains(type))
            {
                throw new FormatException($"{file}: the type {type} is used, but not defined");
            }
        }
    }

    private void ReadLine(string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        if (line[0] == ' ')
        {
            ReadField(line.AsSpan().TrimStart());
            return;
        }

        Close();
        string[] words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        string rest = words.Length == 2 ? words[1] : throw new FormatException($"nothing follows \"{line}\"");
        switch (words[0])
        {
            case "actor":
                string[] parts = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                _name = parts[0];
                _versions = RangeOf(parts.AsSpan(1), AllVersions);
                break;
            case "state":
                TypeParser type = new(rest, Named);
                Shape shape = type.Read();
                _states.Add(new StateRow(shape, RangeOf(type.Left, _versions)));
                break;
            case "method":
                ReadMethod(rest);
                break;
            case "struct":
                _open = Named(rest.Trim());
                if (!_defined.Add(_open.Name))
                {
                    throw new FormatException($"the type {_open.Name} is defined twice");
                }

                break;
            default:
                throw new FormatException($"expected actor, state, method or struct, found \"{words[0]}\"");
        }
    }

    private void ReadMethod(string line)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        const string Hashed = "frc42:";
        MethodNumber number = words[0].StartsWith(Hashed, StringComparison.Ordinal)
            ? MethodHash.Of(words[0][Hashed.Length..])
            : new MethodNumber(ulong.Parse(words[0], NumberStyles.None, CultureInfo.InvariantCulture));
        ReadOnlySpan<char> rest = words[1].AsSpan().TrimStart();
        int open = rest.IndexOf('(');
        string name = rest[..Math.Max(open, 0)].ToString();
        TypeParser parser = new(rest[(open + 1)..], Named);
        Shape? parameters = parser.Left.StartsWith(")") ? null : parser.Read();
        rest = parser.Left.StartsWith(")") ? parser.Left[1..].TrimStart() : throw new FormatException("expected )");
        Shape? result = null;
        if (rest.StartsWith("->"))
        {
            TypeParser returned = new(rest[2..], Named);
            result = returned.Read();
            rest = returned.Left;
        }

        _methods.Add(new MethodRow(number, name, parameters, result, RangeOf(rest, _versions)));
    }

    private void ReadField(ReadOnlySpan<char> line)
    {
        if (_open is null)
        {
            throw new FormatException("a field without a struct");
        }

        int space = line.IndexOf(' ');
        string name = line[..Math.Max(space, 0)].ToString();
        TypeParser parser = new(line[(space + 1)..], Named);
        Shape shape = parser.Read();
        ReadOnlySpan<char> rest = parser.Left;
        const string Optional = "optional";
        bool optional = rest.StartsWith(Optional);
        rest = optional ? rest[Optional.Length..].TrimStart() : rest;
        _fields.Add(new FieldRow(name, shape, optional, RangeOf(rest, _versions)));
    }

    private void Close()
    {
        if (_open is not null)
        {
            _open.Fields = [.. _fields];
            _fields.Clear();
            _open = null;
        }
    }

    private TupleShape Named(string name)
    {
        if (!_types.TryGetValue(name, out TupleShape? type))
        {
            type = new TupleShape(name);
            _types.Add(name, type);
        }

        return type;
    }

    private static VersionRange RangeOf(ReadOnlySpan<string> words, VersionRange all) => words.IsEmpty ? all : RangeOf(words[0], all);

    private static VersionRange RangeOf(ReadOnlySpan<char> text, VersionRange all) =>
        text.IsWhiteSpace() ? all
        : VersionRange.TryParse(text.Trim(), out VersionRange range) ? range
        : throw new FormatException($"expected versions such as v8-v11, found \"{text}\"");
}
