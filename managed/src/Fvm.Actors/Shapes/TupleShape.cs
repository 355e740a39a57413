namespace Fvm.Actors;

/// <summary>A tuple with named fields. Its fields are set after all types of a file are known, since types refer to each other.</summary>
internal sealed record TupleShape(string Name) : Shape
{
    public IReadOnlyList<FieldRow> Fields { get; set; } = [];

    public bool Equals(TupleShape? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
