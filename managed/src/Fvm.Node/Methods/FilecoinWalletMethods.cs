using System.Text.Json;
using Fvm.Chain;

namespace Fvm.Node;

/// <summary>The methods <c>Filecoin.Wallet*</c>, with the keys of the test accounts and those that clients add.</summary>
/// <param name="chain">The chain.</param>
/// <param name="keys">The keys.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinWalletMethods(LocalChain chain, AccountKeys keys, LotusForms forms)
{
    private const string Kinds = "secp256k1, bls or delegated";

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "WalletList", call =>
        {
            call.Result.WriteStartArray();
            foreach (AccountKey key in keys.All)
            {
                call.Result.WriteStringValue(forms.Text(key.Address));
            }

            call.Result.WriteEndArray();
        });
        FilecoinMethods.Add(registry, "WalletHas", call =>
            call.Result.WriteBooleanValue(keys.Find(KeyOf(call.Parameters[0, "address"].FilecoinAddress())) is not null));
        FilecoinMethods.Add(registry, "WalletBalance", call => call.Result.WriteStringValue(
            (chain.StateOf(chain.Head).Find(call.Parameters[0, "address"].FilecoinAddress())?.Balance ?? TokenAmount.Zero).ToString()));
        FilecoinMethods.Add(registry, "WalletDefaultAddress", call => call.Result.WriteStringValue(
            keys.Default is Address address ? forms.Text(address) : throw TipsetLookup.Failure("no default key is set: there is no key")));
        FilecoinMethods.Add(registry, "WalletSetDefault", call => keys.Default = FindKey(call.Parameters[0, "address"]).Address);
        FilecoinMethods.Add(registry, "WalletNew", call =>
        {
            RpcValue kind = call.Parameters[0, "kind"];
            AccountKey key = AccountKeys.CreateRandom(kind.Text()) ?? throw kind.Expected(Kinds);
            keys.Add(key);
            call.Result.WriteStringValue(forms.Text(key.Address));
        });
        FilecoinMethods.Add(registry, "WalletExport", call => WriteKey(call.Result, FindKey(call.Parameters[0, "address"])));
        FilecoinMethods.Add(registry, "WalletImport", call =>
        {
            AccountKey key = ReadKey(call.Parameters[0, "key"]);
            keys.Add(key);
            call.Result.WriteStringValue(forms.Text(key.Address));
        });
        FilecoinMethods.Add(registry, "WalletSign", call =>
        {
            ChainSignature signature = FindKey(call.Parameters[0, "address"]).Sign(call.Parameters[1, "data"].Base64());
            call.Result.WriteStartObject();
            call.Result.WriteSignatureFields(signature);
            call.Result.WriteEndObject();
        });
        FilecoinMethods.Add(registry, "WalletSignMessage", call =>
        {
            Message message = call.Parameters[1, "message"].Message();
            ChainSignature signature = FindKey(call.Parameters[0, "address"]).Sign(message, chain.ChainId);
            bool isBls = signature.Kind == ChainSignatureKind.Bls;
            forms.WriteSigned(call.Result, ChainMessage.Create(message, isBls ? null : signature), signature);
        });
        FilecoinMethods.Add(registry, "WalletVerify", call => call.Result.WriteBooleanValue(BlockSignatures.IsSignatureOf(
            call.Parameters[2, "signature"].Signature(),
            KeyOf(call.Parameters[0, "address"].FilecoinAddress()),
            call.Parameters[1, "data"].Base64())));
        FilecoinMethods.Add(registry, "WalletValidateAddress", call =>
            call.Result.WriteStringValue(forms.Text(call.Parameters[0, "address"].FilecoinAddress())));
    }

    private Address KeyOf(in Address address) => chain.StateOf(chain.Head).KeyOf(address) ?? address;

    private AccountKey FindKey(RpcValue value)
    {
        Address address = value.FilecoinAddress();
        return keys.Find(KeyOf(address)) ?? throw TipsetLookup.Failure($"key not found: the node has none of {forms.Text(address)}");
    }

    private static void WriteKey(Utf8JsonWriter json, AccountKey key)
    {
        json.WriteStartObject();
        json.WriteString("Type", key.Kind);
        json.WriteBase64String("PrivateKey", key.ToBytes());
        json.WriteEndObject();
    }

    private static AccountKey ReadKey(RpcValue value)
    {
        string kind = value["Type"].Text();
        byte[] bytes = value["PrivateKey"].Base64();
        if (kind == "bls")
        {
            Array.Reverse(bytes);
        }

        return AccountKeys.Create(kind, bytes) ?? throw value.Expected($"a key of type {Kinds}, with its 32 bytes");
    }
}
