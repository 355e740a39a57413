using System.Globalization;
using System.Text;
using Fvm.Crypto;

namespace Fvm;

/// <summary>
/// Writes events as lines of compact JSON, each a list whose first item is the kind:
/// <c>["gas", name, compute milligas, other milligas]</c>, <c>["call", from, to, method, params, value, gas limit, read-only]</c>
/// (params: null or codec and base64 data), <c>["invoke", id, code, state, sequence, balance, delegated address]</c>,
/// <c>["return", exit code, block]</c>, <c>["error", errno, text]</c>, <c>["log", text]</c>,
/// <c>["ipld", "get" or "put", cid, size]</c>, <c>["syscall", name, errno or 0, milligas before, milligas after]</c>. Non-ASCII
/// characters are not escaped.
/// </summary>
public static class TraceJsonWriter
{
    /// <summary>BLAKE2b-256 of all lines, each followed by a line feed, without syscalls; error lines without their texts.</summary>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Digest(ExecutionTrace trace)
    {
        Blake2bHasher hasher = new(Blake2b.Size256);
        StringBuilder line = new();
        byte[] utf8 = [];
        foreach (ExecutionEvent item in trace)
        {
            // The reference has no such events.
            if (item is SyscallEvent) continue;

            line.Clear();
            Append(line, item, errorTexts: false);
            line.Append('\n');
            string text = line.ToString();
            int most = Encoding.UTF8.GetMaxByteCount(text.Length);
            utf8 = utf8.Length >= most ? utf8 : new byte[most];
            hasher.Update(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        }

        byte[] digest = new byte[Blake2b.Size256];
        hasher.Finish(digest);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>An event as a line, without line feed.</summary>
    public static string ToLine(ExecutionEvent item)
    {
        StringBuilder line = new();
        Append(line, item, errorTexts: true);
        return line.ToString();
    }

    private static void Append(StringBuilder line, ExecutionEvent item, bool errorTexts)
    {
        switch (item)
        {
            case GasChargeEvent { Charge: GasCharge charge }:
                AppendText(line.Append("[\"gas\","), charge.Name);
                line.Append(CultureInfo.InvariantCulture, $",{charge.Compute.Milli},");
                line.Append(charge.Refund.IsZero ? string.Empty : "-").Append((charge.Other + charge.Refund).Milli);
                break;
            case CallEvent call:
                line.Append(CultureInfo.InvariantCulture, $"[\"call\",{call.From.Value},\"{call.To}\",{call.Method.Value},");
                AppendBlock(line, call.Params);
                line.Append(CultureInfo.InvariantCulture, $",\"{call.Value}\",{call.GasLimit},{(call.ReadOnly ? "true" : "false")}");
                break;
            case InvokeActorEvent { State: ActorState state } invoke:
                line.Append(CultureInfo.InvariantCulture, $"[\"invoke\",{invoke.Id.Value},\"{state.Code}\",\"{state.State}\",");
                line.Append(CultureInfo.InvariantCulture, $"{state.Sequence},\"{state.Balance}\",");
                line.Append(state.DelegatedAddress is Address address ? $"\"{address}\"" : "null");
                break;
            case CallReturnEvent result:
                line.Append(CultureInfo.InvariantCulture, $"[\"return\",{result.ExitCode.Value},");
                AppendBlock(line, result.Value);
                break;
            case CallErrorEvent error:
                line.Append(CultureInfo.InvariantCulture, $"[\"error\",{(uint)error.Error}");
                if (errorTexts)
                {
                    AppendText(line.Append(','), error.Text);
                }

                break;
            case LogEvent log:
                AppendText(line.Append("[\"log\","), log.Text);
                break;
            case IpldEvent ipld:
                string operation = ipld.Operation == IpldOperation.Get ? "get" : "put";
                line.Append(CultureInfo.InvariantCulture, $"[\"ipld\",\"{operation}\",\"{ipld.Cid}\",{ipld.Size}");
                break;
            case SyscallEvent syscall:
                line.Append(CultureInfo.InvariantCulture, $"[\"syscall\",\"{syscall.Name}\",{(uint)(syscall.Error ?? 0)},");
                line.Append(CultureInfo.InvariantCulture, $"{syscall.GasBefore.Milli},{syscall.GasAfter.Milli}");
                break;
            default:
                throw new ArgumentException($"an event of type {item.GetType().Name} has no line", nameof(item));
        }

        line.Append(']');
    }

    private static void AppendBlock(StringBuilder line, IpldBlock? block)
    {
        if (block is null)
        {
            line.Append("null");
            return;
        }

        line.Append(CultureInfo.InvariantCulture, $"{{\"codec\":{block.Codec},\"data\":\"");
        line.Append(Convert.ToBase64String(block.Data.Span)).Append("\"}");
    }

    private static void AppendText(StringBuilder line, string text)
    {
        line.Append('"');
        foreach (char letter in text)
        {
            switch (letter)
            {
                case '"' or '\\':
                    line.Append('\\').Append(letter);
                    break;
                case '\b':
                    line.Append("\\b");
                    break;
                case '\f':
                    line.Append("\\f");
                    break;
                case '\n':
                    line.Append("\\n");
                    break;
                case '\r':
                    line.Append("\\r");
                    break;
                case '\t':
                    line.Append("\\t");
                    break;
                case < ' ':
                    line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
                    break;
                default:
                    line.Append(letter);
                    break;
            }
        }

        line.Append('"');
    }
}
