using System.Globalization;
using Fvm.Actors;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Cli;

/// <summary>Prints a tipset and its messages in human-readable form.</summary>
internal sealed class TipsetText(ShownTipset shown, TextWriter output)
{
    private const int MaxParameters = 160;

    /// <summary>Prints the tipset: headers, then a line or two per message.</summary>
    public void Write()
    {
        Tipset tipset = shown.Tipset;
        BlockHeader first = tipset.First;
        string time = DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(first.Timestamp, 253_402_300_799)).UtcDateTime
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        output.WriteLine($"Tipset of epoch {tipset.Epoch}, network version {shown.NetworkVersion}");
        Field("time", $"{tipset.Timestamp} ({time} UTC)");
        Field("parents", string.Join($"{Environment.NewLine}{new string(' ', 18)}", first.Parents));
        Field("parents' weight", first.ParentWeight.ToString());
        Field("state", $"{first.ParentState} (before its messages)");
        Field("receipts", $"{first.ParentReceipts} (of the parents' messages)");
        Field("base fee", $"{first.BaseFee} attoFIL");
        foreach ((Cid cid, BlockHeader block) in tipset.Cids.Zip(tipset.Blocks))
        {
            output.WriteLine($"Block {cid}");
            Field("miner", block.Miner.ToString());
            Field("wins", block.WinCount.ToString(CultureInfo.InvariantCulture));
            Field("messages", block.Messages.ToString());
            string last = block.BeaconRounds.Count > 0 ? $", the last of round {block.BeaconRounds[^1]}" : string.Empty;
            Field("beacon", $"{block.BeaconRounds.Count} entries{last}");
            Field("signature", block.Signature is ChainSignature signature ? $"{signature.Kind}, {signature.Data.Length} bytes" : "none");
        }

        output.WriteLine(shown.Problem is null
            ? $"{shown.Messages.Count} messages, those of the system included"
            : PrintableText.Of($"{shown.Messages.Count} messages, without results: {shown.Problem}"));
        for (int number = 0; number < shown.Messages.Count; number++)
        {
            WriteLine(number, shown.Messages[number]);
        }
    }

    /// <summary>Prints one message with all of its results.</summary>
    public void Write(ShownMessage shownMessage)
    {
        Message message = shownMessage.Message;
        output.WriteLine("Message");
        Field("cid", shownMessage.Source?.Cid.ToString() ?? "of the system");
        Field("epoch", shownMessage.Epoch.ToString());
        Field("from", message.From.ToString());
        Field("to", $"{message.To}{(shown.Names.ReceiverOf(message) is string name ? $" [{PrintableText.Of(name)}]" : string.Empty)}");
        Field("method", shown.Names.MethodOf(message));
        Field("parameters", ParametersOf(message, int.MaxValue));
        Field("value", $"{message.Value.ToFil()} FIL");
        Field("nonce", message.Sequence.ToString(CultureInfo.InvariantCulture));
        Field("gas limit", message.GasLimit.ToString("N0", CultureInfo.InvariantCulture));
        Field("fee cap", $"{message.GasFeeCap} attoFIL");
        Field("premium", $"{message.GasPremium} attoFIL");
        Field("signature", shownMessage.Source?.Signature?.Kind.ToString() ?? "in the block's aggregate");
        if (shownMessage.Ret is ApplyRet ret)
        {
            ReceiptText.Write(output, ret, shown.Names.Names);
        }
        else
        {
            output.WriteLine(PrintableText.Of($"There is no result: {shown.Problem}"));
        }
    }

    private void WriteLine(int number, ShownMessage item)
    {
        Message message = item.Message;
        string place = item.Source?.Cid.ToString() ?? $"of the system, epoch {item.Epoch}";
        string value = message.Value.IsZero ? string.Empty : $", {message.Value.ToFil()} FIL";
        string result = item.Ret is ApplyRet ret
            ? string.Create(CultureInfo.InvariantCulture, $": {ret.Receipt.ExitCode.Describe()}, {ret.Receipt.GasUsed:N0} gas")
            : string.Empty;
        output.WriteLine($"  {number,4} {place}");
        output.WriteLine($"       {message.From} → {message.To}, method {shown.Names.MethodOf(message)}{value}{result}");
        if (!message.Params.IsEmpty)
        {
            output.WriteLine($"       {ParametersOf(message, MaxParameters)}");
        }
    }

    private string ParametersOf(Message message, int maxLength)
    {
        string text = message.Params.IsEmpty ? "none"
            : TipsetJson.ParametersOf(shown.Names, message) is DecodedValue { Misfit: null } named ? named.ToLine()
            : CborText.Of(Multicodec.Cbor, message.Params.Span);
        return text.Length <= maxLength ? text : $"{text.AsSpan(0, maxLength)}…";
    }

    private void Field(string name, string value) => output.WriteLine($"  {name,-15} {value}");
}
