using System.Text.Json;
using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>Values of requests in Lotus's form.</summary>
internal static class LotusValues
{
    private const int MaxKey = 64;

    extension(RpcValue value)
    {
        /// <summary>A CID: an object with a slash, or text.</summary>
        public Cid Cid()
        {
            RpcValue text = value.IsObject ? value["/"] : value;
            return text.IsText && Ipld.Cid.TryParse(text.Text(), out Cid cid) ? cid : throw value.Expected("a CID such as {\"/\":\"bafy…\"}");
        }

        /// <summary>A tipset's key; empty for null, which is the head.</summary>
        public Cid[] Key() => value.IsMissing ? [] : [.. value.Items(MaxKey).Select(static item => item.Cid())];

        /// <summary>Bytes in base64; none for null.</summary>
        public byte[] Base64()
        {
            if (value.IsMissing)
            {
                return [];
            }

            return value.IsText && value.Element.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw value.Expected("bytes in base64");
        }

        /// <summary>A number that may be negative.</summary>
        public long Signed() => value.Element.ValueKind == JsonValueKind.Number && value.Element.TryGetInt64(out long number)
            ? number
            : throw value.Expected("a whole number of 64 bits");

        /// <summary>An epoch of the chain.</summary>
        public ulong Epoch() => value.Signed() is long epoch and >= 0 ? (ulong)epoch : throw value.Expected("an epoch, which is not negative");

        /// <summary>An amount in attoFIL as decimal text; null or empty text for zero.</summary>
        public TokenAmount Attos()
        {
            if (value.IsMissing || (value.IsText && value.Text().Length == 0))
            {
                return TokenAmount.Zero;
            }

            // Not in hexadecimal, as other amounts of requests.
            return value.IsText && value.Text().All(char.IsAsciiDigit) ? value.Amount() : throw value.Expected("an amount in decimal text");
        }

        /// <summary>A message; what is missing is zero.</summary>
        public Message Message() => new()
        {
            Version = Optional(value["Version"]),
            To = value["To"].FilecoinAddress(),
            From = value["From"].FilecoinAddress(),
            Sequence = Optional(value["Nonce"]),
            Value = value["Value"].Attos(),
            GasLimit = Optional(value["GasLimit"]),
            GasFeeCap = value["GasFeeCap"].Attos(),
            GasPremium = value["GasPremium"].Attos(),
            Method = new MethodNumber(Optional(value["Method"])),
            Params = value["Params"].Base64(),
        };

        /// <summary>A signature.</summary>
        public ChainSignature Signature()
        {
            ulong kind = value["Type"].Number();
            return kind is >= (ulong)ChainSignatureKind.Secp256k1 and <= (ulong)ChainSignatureKind.Delegated
                ? new ChainSignature((ChainSignatureKind)kind, value["Data"].Base64())
                : throw value["Type"].Expected("1 (secp256k1), 2 (BLS) or 3 (delegated)");
        }
    }

    private static ulong Optional(RpcValue number) => number.IsMissing ? 0 : number.Number();
}
