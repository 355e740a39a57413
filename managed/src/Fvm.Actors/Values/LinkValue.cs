using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>A link whose block has a known shape.</summary>
internal sealed class LinkValue(Cid target, Shape shape) : NamedValue
{
    public Cid Target => target;

    /// <summary>A <see cref="LinkShape"/> or a <see cref="TrieShape"/>.</summary>
    public Shape Shape => shape;

    internal override string Leaf => target.ToString();

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus) => LotusForm.WriteCid(json, target.ToString(), lotus);
}
