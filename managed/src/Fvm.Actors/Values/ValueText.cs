using System.Text;

namespace Fvm.Actors;

/// <summary>Values on one line, cut off beyond a length.</summary>
internal sealed class ValueText(int maxLength)
{
    private readonly StringBuilder _text = new();

    public void Append(NamedValue value)
    {
        if (_text.Length > maxLength)
        {
            return;
        }

        switch (value)
        {
            case ListValue list:
                _text.Append('[');
                AppendAll(list.Items.Count, index => Append(list.Items[index]));
                _text.Append(']');
                break;
            case TupleValue tuple:
                _text.Append('{');
                AppendAll(tuple.Fields.Count, index =>
                {
                    _text.Append(PrintableText.Of(tuple.Fields[index].Name)).Append(": ");
                    Append(tuple.Fields[index].Value);
                });
                _text.Append('}');
                break;
            default:
                _text.Append(value.Leaf);
                break;
        }
    }

    public override string ToString() => _text.ToString();

    private void AppendAll(int count, Action<int> append)
    {
        for (int index = 0; index < count; index++)
        {
            _text.Append(index > 0 ? ", " : string.Empty);
            if (_text.Length > maxLength)
            {
                _text.Append('…');
                return;
            }

            append(index);
        }
    }
}
