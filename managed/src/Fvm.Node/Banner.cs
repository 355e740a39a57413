using System.Text.Json;

namespace Fvm.Node;

/// <summary>What the command prints at its start.</summary>
internal static class Banner
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, NodeOptions options, RunningNode node)
    {
        output.WriteLine($"Fvm {BuildVersion.Text}: a local Filecoin network, network version {(uint)options.Version}, chain ID {options.ChainId}");
        output.WriteLine();
        output.WriteLine($"Accounts, with {options.Balance.ToFil()} FIL each (anybody knows these keys: no real FIL to them)");
        for (int i = 0; i < options.EthereumKeys.Count; i++)
        {
            EthKey key = options.EthereumKeys[i];
            output.WriteLine($"  ({i}) {key.EthAddress.ToChecksumText()}  0x{Convert.ToHexStringLower(key.ToBytes())}");
        }

        output.WriteLine();
        output.WriteLine("Native accounts, with as much (keys as Lotus has them)");
        int number = 0;
        foreach (AccountKey key in NativeKeys(options))
        {
            output.WriteLine($"  ({number++}) {key.Address.ToString(AddressNetwork.Testnet)}  {Convert.ToHexStringLower(key.ToBytes())}");
        }

        output.WriteLine();
        output.WriteLine($"Mnemonic: {PrintableText.Of(options.Mnemonic)}");
        output.WriteLine($"Base fee: {options.BaseFee.Atto} attoFIL; gas limit per block: {LocalChain.BlockGasLimit}");
        output.WriteLine($"Listening on http://{options.Listen.Address}:{node.Port}");
        if (options.IpcPath is string path)
        {
            output.WriteLine($"Listening on {PrintableText.Of(path)}");
        }
    }

    private static IEnumerable<AccountKey> NativeKeys(NodeOptions options) =>
        options.NativeKeys.Select(AccountKey.OfSecp256k1).Concat(options.BlsKeys);

    /// <summary>Writes it for programs: one line.</summary>
    public static void WriteJson(TextWriter output, NodeOptions options, RunningNode node)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", BuildVersion.Text);
            json.WriteNumber("network_version", (uint)options.Version);
            json.WriteNumber("chain_id", options.ChainId);
            json.WriteString("url", $"http://{options.Listen.Address}:{node.Port}");
            if (options.IpcPath is string path)
            {
                json.WriteString("ipc", path);
            }

            json.WriteString("mnemonic", options.Mnemonic);
            json.WriteString("base_fee", options.BaseFee.Atto.ToString());
            json.WriteStartArray("accounts");
            foreach ((byte[] key, string address) in options.EthereumKeys.Select(static key => (key.ToBytes(), key.EthAddress.ToChecksumText()))
                .Concat(NativeKeys(options).Select(static key => (key.ToBytes(), key.Address.ToString(AddressNetwork.Testnet)))))
            {
                json.WriteStartObject();
                json.WriteString("address", address);
                json.WriteString("private_key", $"0x{Convert.ToHexStringLower(key)}");
                json.WriteString("balance", options.Balance.Atto.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
