using System.Text;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Signatures by the keys of the test accounts: <c>personal_sign</c>, <c>eth_sign</c>, <c>eth_signTypedData_v4</c>.</summary>
/// <param name="wallet">The test accounts.</param>
internal sealed class SigningMethods(Wallet wallet)
{
    private const int MaxDepth = 64;

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        registry.Add("personal_sign", call => SignText(call, textAt: 0, addressAt: 1));
        registry.Add("eth_sign", call => SignText(call, textAt: 1, addressAt: 0));
        registry.Add(["eth_signTypedData", "eth_signTypedData_v3", "eth_signTypedData_v4"], SignTyped);
    }

    private void SignText(RpcCall call, int textAt, int addressAt)
    {
        RpcValue value = call.Parameters[textAt, "text"];
        string text = value.Text();
        byte[] bytes = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? value.Bytes() : Encoding.UTF8.GetBytes(text);
        call.Result.WriteData(SignedText.Sign(KeyOf(call.Parameters[addressAt, "address"]), SignedText.HashOf(bytes)));
    }

    private void SignTyped(RpcCall call)
    {
        EthKey key = KeyOf(call.Parameters[0, "address"]);
        RpcValue value = call.Parameters[1, "typed data"];
        if (!value.IsText)
        {
            call.Result.WriteData(SignedText.Sign(key, TypedData.HashOf(value.Element)));
            return;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(value.Text(), new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            throw RpcException.InvalidParams($"{value.Place}: the text is no JSON: {PrintableText.Of(e.Message)}");
        }

        using (document)
        {
            call.Result.WriteData(SignedText.Sign(key, TypedData.HashOf(document.RootElement)));
        }
    }

    private EthKey KeyOf(RpcValue address)
    {
        EthAddress signer = address.EthAddress();
        return wallet.Find(signer)
            ?? throw new RpcException(RpcErrorCode.ServerError, $"unknown account: {signer} is none of eth_accounts, so that its key is not here");
    }
}
