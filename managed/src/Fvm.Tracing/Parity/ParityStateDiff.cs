using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>Parity's stateDiff: what differs, by account; "=" for what does not, "+", "-" and "*" for what is new, gone or other.</summary>
internal static class ParityStateDiff
{
    /// <summary>Writes the differences.</summary>
    /// <param name="json">The writer, where a value is expected.</param>
    /// <param name="changes">The touched accounts.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<AccountChange> changes)
    {
        json.WriteStartObject();
        foreach (AccountChange change in changes)
        {
            if (change.IsChange)
            {
                json.WriteStartObject(change.Address.ToString());
                Write(json, change, "balance", static account => EthHex.Of(account.Balance));
                Write(json, change, "code", static account => EthHex.Of(account.Code.Span));
                Write(json, change, "nonce", static account => EthHex.Of(account.Nonce));
                WriteStorage(json, change);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AccountChange change, string name, Func<EthAccount, string> textOf) =>
        Write(json, name, change.Before is null ? null : textOf(change.Before), change.After is null ? null : textOf(change.After));

    private static void WriteStorage(Utf8JsonWriter json, AccountChange change)
    {
        json.WriteStartObject("storage");
        foreach (SlotChange slot in change.Slots)
        {
            Write(
                json,
                slot.Key.ToString(),
                change.Before is null ? null : slot.Before.ToString(),
                change.After is null ? null : slot.After.ToString());
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string? before, string? after)
    {
        if (before == after)
        {
            json.WriteString(name, "=");
            return;
        }

        json.WriteStartObject(name);
        if (before is null || after is null)
        {
            json.WriteString(before is null ? "+" : "-", before ?? after);
        }
        else
        {
            json.WriteStartObject("*");
            json.WriteString("from", before);
            json.WriteString("to", after);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
