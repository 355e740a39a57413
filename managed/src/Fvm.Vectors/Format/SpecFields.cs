namespace Fvm.Vectors;

/// <summary>Parses addresses and amounts of specifications.</summary>
internal static class SpecFields
{
    /// <summary>An address, in the forms of <see cref="InputText.TryParseAddress"/>.</summary>
    public static Address Address(this JsonFields fields, string name)
    {
        string text = fields.Text(name);
        return InputText.TryParseAddress(text, out Address address)
            ? address
            : throw new JsonFieldException(fields.PathOf(name), $"{fields.PathOf(name)}: '{text}' is not an address; examples: f0100, f1…, 0x…");
    }

    /// <summary>An amount in FIL, by default non-negative; zero if absent.</summary>
    public static TokenAmount Fil(this JsonFields fields, string name, bool mayBeNegative = false)
    {
        if (fields.Optional(name) is null)
        {
            return TokenAmount.Zero;
        }

        string text = fields.Text(name);
        if (!TokenAmount.TryParseFil(text, out TokenAmount amount))
        {
            throw new JsonFieldException(fields.PathOf(name), $"{fields.PathOf(name)}: '{text}' is not an amount in FIL; example: \"1.5\"");
        }

        return mayBeNegative || !amount.IsNegative
            ? amount
            : throw new JsonFieldException(fields.PathOf(name), $"{fields.PathOf(name)}: '{text}' is negative");
    }
}
