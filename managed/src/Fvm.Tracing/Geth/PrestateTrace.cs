using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>
/// Geth's prestateTracer. Of storage it has the slots that the transaction changed: which ones it only read is not in a trace.
/// </summary>
internal static class PrestateTrace
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<AccountChange> changes, GethTraceOptions options)
    {
        if (!options.DiffMode)
        {
            WriteAccounts(json, changes.Where(static change => change.Before is not null), options, static (json, change, options) =>
                WriteWhole(json, change, change.Before!, options, static slot => slot.Before));
            return;
        }

        AccountChange[] changed = [.. changes.Where(static change => change.IsChange)];
        json.WriteStartObject();
        json.WritePropertyName("post");
        WriteAccounts(json, changed.Where(static change => change.After is not null), options, WriteChanged);
        json.WritePropertyName("pre");
        WriteAccounts(json, changed.Where(static change => change.Before is not null), options, static (json, change, options) =>
            WriteWhole(json, change, change.Before!, options, static slot => slot.Before));
        json.WriteEndObject();
    }

    private static void WriteAccounts(
        Utf8JsonWriter json,
        IEnumerable<AccountChange> changes,
        GethTraceOptions options,
        Action<Utf8JsonWriter, AccountChange, GethTraceOptions> write)
    {
        json.WriteStartObject();
        foreach (AccountChange change in changes)
        {
            json.WriteStartObject(change.Address.ToString());
            write(json, change, options);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteWhole(
        Utf8JsonWriter json, AccountChange change, EthAccount account, GethTraceOptions options, Func<SlotChange, EthWord> valueOf)
    {
        json.WriteString("balance", EthHex.Of(account.Balance));
        if (account.Nonce > 0)
        {
            json.WriteNumber("nonce", account.Nonce);
        }

        WriteCode(json, account, options);
        WriteStorage(json, change, options, valueOf);
    }

    // Of an account that was there before, only what is different.
    private static void WriteChanged(Utf8JsonWriter json, AccountChange change, GethTraceOptions options)
    {
        EthAccount after = change.After!;
        if (change.Before is not EthAccount before)
        {
            WriteWhole(json, change, after, options, static slot => slot.After);
            return;
        }

        if (before.Balance != after.Balance)
        {
            json.WriteString("balance", EthHex.Of(after.Balance));
        }

        if (before.Nonce != after.Nonce)
        {
            json.WriteNumber("nonce", after.Nonce);
        }

        if (!before.Code.Span.SequenceEqual(after.Code.Span))
        {
            WriteCode(json, after, options);
        }

        WriteStorage(json, change, options, static slot => slot.After);
    }

    private static void WriteCode(Utf8JsonWriter json, EthAccount account, GethTraceOptions options)
    {
        if (!options.DisableCode && !account.Code.IsEmpty)
        {
            json.WriteString("code", EthHex.Of(account.Code.Span));
        }
    }

    // A slot without a value is left out.
    private static void WriteStorage(Utf8JsonWriter json, AccountChange change, GethTraceOptions options, Func<SlotChange, EthWord> valueOf)
    {
        SlotChange[] slots = [.. change.Slots.Where(slot => !valueOf(slot).IsZero)];
        if (options.DisableStorage || slots.Length == 0)
        {
            return;
        }

        json.WriteStartObject("storage");
        foreach (SlotChange slot in slots)
        {
            json.WriteString(slot.Key.ToString(), valueOf(slot).ToString());
        }

        json.WriteEndObject();
    }
}
