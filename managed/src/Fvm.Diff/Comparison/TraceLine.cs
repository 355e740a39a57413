using System.Globalization;
using System.Text.Json;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>One line of a trace, parsed: <c>["gas", name, compute, other]</c> and the others of the vector format.</summary>
internal static class TraceLine
{
    private static readonly string[] GasFields = ["name", "compute", "other"];
    private static readonly string[] TreeGasFields = ["name", "total", "compute", "other"];
    private static readonly string[] CallFields = ["from", "to", "method", "params", "value", "gas_limit", "read_only"];
    private static readonly string[] InvokeFields = ["id", "code", "state", "sequence", "balance", "delegated_address"];
    private static readonly string[] ReturnFields = ["exit_code", "value"];
    private static readonly string[] ErrorFields = ["number"];
    private static readonly string[] LogFields = ["text"];
    private static readonly string[] IpldFields = ["operation", "cid", "size"];

    /// <summary>Whether two lines are equal, but for the texts of errors, which are for people.</summary>
    public static bool Same(string left, string right)
    {
        if (left == right)
        {
            return true;
        }

        using JsonDocument one = JsonDocument.Parse(left);
        using JsonDocument other = JsonDocument.Parse(right);
        return Differing(one.RootElement, other.RootElement) is null;
    }

    /// <summary>The name of the first field in which two lines differ, such as <c>gas.compute</c>; null if they are equal.</summary>
    public static string? DifferingField(string left, string right)
    {
        using JsonDocument one = JsonDocument.Parse(left);
        using JsonDocument other = JsonDocument.Parse(right);
        return Differing(one.RootElement, other.RootElement);
    }

    /// <summary>The kind of a line: its first element.</summary>
    public static string KindOf(JsonElement line) =>
        line.ValueKind == JsonValueKind.Array && line.GetArrayLength() > 0 && line[0].ValueKind == JsonValueKind.String
            ? line[0].GetString()!
            : string.Empty;

    private static string? Differing(JsonElement one, JsonElement other)
    {
        string kind = KindOf(one);
        if (kind != KindOf(other))
        {
            return "kind";
        }

        if (kind == "gas" && SameFaultCheck(one, other))
        {
            return null;
        }

        string[] names = FieldsOf(kind, one.GetArrayLength());
        int compared = kind == "error" ? 2 : Math.Max(one.GetArrayLength(), other.GetArrayLength());
        for (int index = 1; index < compared; index++)
        {
            if (index >= one.GetArrayLength() || index >= other.GetArrayLength() || !JsonElement.DeepEquals(one[index], other[index]))
            {
                return index <= names.Length ? $"{kind}.{names[index - 1]}" : kind;
            }
        }

        return null;
    }

    private static string[] FieldsOf(string kind, int length) => kind switch
    {
        "gas" => length > GasFields.Length + 1 ? TreeGasFields : GasFields,
        "call" => CallFields,
        "invoke" => InvokeFields,
        "return" => ReturnFields,
        "error" => ErrorFields,
        "log" => LogFields,
        "ipld" => IpldFields,
        _ => [],
    };

    // Of a charge that machines divide differently the sum is what counts.
    private static bool SameFaultCheck(JsonElement one, JsonElement other) =>
        IsFaultCheck(one, out long left) && IsFaultCheck(other, out long right) && left == right;

    private static bool IsFaultCheck(JsonElement line, out long sum)
    {
        sum = 0;
        int length = line.GetArrayLength();
        if (length < 4 || line[1].ValueKind != JsonValueKind.String || !line[1].ValueEquals(TraceText.FaultCheck)
            || !TryNumber(line[length - 2], out long compute) || !TryNumber(line[length - 1], out long other))
        {
            return false;
        }

        sum = unchecked(compute + other);
        return true;
    }

    private static bool TryNumber(JsonElement element, out long number)
    {
        number = 0;
        return element.ValueKind == JsonValueKind.Number
            && long.TryParse(element.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
