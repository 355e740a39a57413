using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>Text; or an address, a CID of an untyped link or an actor's ID, which are not quoted.</summary>
internal sealed class TextValue : NamedValue
{
    private readonly string _text;
    private readonly Address? _address;
    private readonly ActorId? _actor;
    private readonly bool _isCid;

    private TextValue(string text, Address? address = null, ActorId? actor = null, bool isCid = false)
    {
        _text = text;
        _address = address;
        _actor = actor;
        _isCid = isCid;
    }

    internal override string Leaf => _isCid || _address is not null || _actor is not null
        ? PrintableText.Of(_text)
        : $"\"{PrintableText.Of(_text)}\"";

    public static TextValue Of(string text) => new(text);

    public static TextValue Of(in Address address) => new(address.ToString(), address);

    public static TextValue Of(ActorId actor) => new($"f0{actor}", actor: actor);

    public static TextValue Of(in Cid cid) => new(cid.ToString(), isCid: true);

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus)
    {
        if (lotus is not null && _actor is ActorId actor)
        {
            json.WriteNumberValue(actor.Value);
        }
        else if (_isCid)
        {
            LotusForm.WriteCid(json, _text, lotus);
        }
        else
        {
            json.WriteStringValue(lotus is not null && _address is Address address ? address.ToString(lotus.Network) : _text);
        }
    }
}
