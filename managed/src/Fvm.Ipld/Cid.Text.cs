namespace Fvm.Ipld;

public readonly partial struct Cid
{
    /// <summary>Parses the text form: base58 for v0 (Qm…); multibase base32, base36, base58 or base16 for v1.</summary>
    /// <returns>False for invalid text, trailing bytes included.</returns>
    public static bool TryParse([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? text, out Cid cid)
    {
        cid = default;
        if (text is null)
        {
            return false;
        }

        bool isV0 = text.Length == 46 && text.StartsWith("Qm", StringComparison.Ordinal);
        bool decoded = isV0 ? Multibase.TryDecodeBase58(text, out byte[] bytes) : Multibase.TryDecode(text, out bytes);
        if (!decoded || !TryRead(bytes, out Cid found, out int read) || read != bytes.Length)
        {
            return false;
        }

        cid = found;
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not a CID.</exception>
    public static Cid Parse(string text) =>
        TryParse(text, out Cid cid) ? cid : throw new FormatException($"not a CID: \"{text}\"");

    /// <summary>v1 in base32 (lower case, prefix b), v0 in base58; the default value is empty text.</summary>
    public override string ToString()
    {
        if (_kind == NoKind)
        {
            return string.Empty;
        }

        Span<byte> bytes = stackalloc byte[MaxByteLength];
        ReadOnlySpan<byte> written = bytes[..WriteTo(bytes)];
        return _kind == KindV0 ? Multibase.EncodeBase58(written) : Multibase.EncodeBase32('b', written);
    }
}
