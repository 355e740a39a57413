using System.Globalization;
using System.Text.Json;
using Fvm.Actors;
using Fvm.Diff;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>A message of a vector with its expected result.</summary>
internal sealed class VectorMessageView
{
    private readonly int _index;
    private readonly Message _message;
    private readonly bool _isImplicit;
    private readonly string? _actor;
    private readonly ActorMethod? _method;
    private readonly ExpectedReceipt _receipt;
    private readonly ExpectedApplyRet? _ret;

    /// <exception cref="InputException">The message does not decode.</exception>
    public VectorMessageView(Vector vector, int index, VectorNames names)
    {
        _index = index;
        try
        {
            _message = Message.Decode(vector.Messages[index].Bytes);
        }
        catch (MessageException exception)
        {
            throw new InputException($"{vector.Source}: apply_messages[{index}].bytes: {exception.Message}", exception);
        }

        _isImplicit = vector.Messages[index].Implicit;
        _actor = names.ActorOf(_message.To);
        _method = names.MethodOf(_actor, _message.Method);
        _receipt = vector.Receipts[index];
        _ret = vector.ApplyRets.Count == 0 ? null : vector.ApplyRets[index];
    }

    private DecodedValue? Parameters =>
        _message.Params.IsEmpty ? null : _method?.DecodeParameters(new IpldBlock(Multicodec.DagCbor, _message.Params));

    private DecodedValue? Result => _receipt.Return.Length == 0 ? null : _method?.DecodeResult(new IpldBlock(ReturnCodec, _receipt.Return));

    private ulong ReturnCodec => _ret?.ReturnCodec ?? Multicodec.DagCbor;

    public void WriteTo(TextWriter output)
    {
        string actor = _actor is null ? string.Empty : $" [{PrintableText.Of(_actor)}]";
        string method = _method is null ? string.Empty : $" {_method.Name}";
        string value = _message.Value.IsZero ? string.Empty : $", {_message.Value.ToFil()} FIL";
        string parameters = _message.Params.IsEmpty ? string.Empty
            : $", {Parameters?.ToLine() ?? CborText.Of(Multicodec.DagCbor, _message.Params.Span)}";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {_index,4}  {_message.From} → {_message.To}{actor}, method {_message.Method}{method}{parameters}{value}"));
        string fees = _isImplicit ? "implicit"
            : $"fee cap {_message.GasFeeCap}, premium {_message.GasPremium} attoFIL";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"        nonce {_message.Sequence}, gas limit {_message.GasLimit:N0}, {fees}"));
        string result = _receipt.Return.Length == 0 ? string.Empty : $", {Result?.ToLine() ?? CborText.Of(ReturnCodec, _receipt.Return)}";
        string more = _ret is null ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $", {_ret.Events.GetArrayLength()} events, {_ret.TraceLength ?? 0:N0} lines of trace");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"        expected: {new ExitCode(_receipt.ExitCode).Describe()}{result}, gas {_receipt.GasUsed:N0}{more}"));
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("from", _message.From.ToString());
        json.WriteString("to", _message.To.ToString());
        json.WriteText("actor", _actor);
        json.WriteNumber("method", _message.Method.Value);
        json.WriteText("method_name", _method?.Name);
        json.WriteBase64String("params", _message.Params.Span);
        CallTreeJson.WriteNamed(json, "parameters", Parameters);
        json.WriteAmount("value", _message.Value);
        json.WriteNumber("nonce", _message.Sequence);
        json.WriteNumber("gas_limit", _message.GasLimit);
        json.WriteAmount("gas_fee_cap", _message.GasFeeCap);
        json.WriteAmount("gas_premium", _message.GasPremium);
        json.WriteBoolean("implicit", _isImplicit);
        json.WriteStartObject("expected");
        json.WriteNumber("exit_code", _receipt.ExitCode);
        json.WriteNumber("gas_used", _receipt.GasUsed);
        json.WriteBase64String("return", _receipt.Return);
        CallTreeJson.WriteNamed(json, "result", Result);
        json.WriteText("events_root", _receipt.EventsRoot);
        json.WriteNumberOrNull("events", (ulong?)_ret?.Events.GetArrayLength());
        json.WriteNumberOrNull("trace_length", (ulong?)_ret?.TraceLength);
        json.WriteEndObject();
    }
}
