using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Fvm.Node;

/// <summary>
/// Keys from a mnemonic: its seed (BIP-39) and the keys on a path below it (BIP-32). The words are not compared with BIP-39's list, so that any
/// phrase makes keys.
/// </summary>
internal sealed class KeyDerivation
{
    /// <summary>The path of Ethereum accounts, without the number of the account.</summary>
    public const string EthereumPath = "m/44'/60'/0'/0/";

    /// <summary>The path of Filecoin accounts, without the number of the account.</summary>
    public const string FilecoinPath = "m/44'/461'/0'/0/";

    /// <summary>The path of keys whose numbers are BLS keys, without the number of the account.</summary>
    public const string BlsPath = "m/44'/461'/0'/1/";

    private const int Iterations = 2_048;
    private const uint Hardened = 0x8000_0000;
    private const int MaxDepth = 255;

    private readonly EthKey _key;
    private readonly byte[] _chainCode;

    /// <exception cref="EthereumException">The phrase has other characters than ASCII, which would have to be normalised.</exception>
    public KeyDerivation(string mnemonic, string passphrase = "")
    {
        if (!Ascii.IsValid(mnemonic) || !Ascii.IsValid(passphrase))
        {
            throw new EthereumException("a mnemonic has words of the English list, in ASCII");
        }

        string phrase = string.Join(' ', mnemonic.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        byte[] seed = HmacSha512.Derive(Encoding.ASCII.GetBytes(phrase), Encoding.ASCII.GetBytes("mnemonic" + passphrase), Iterations);
        byte[] root = HmacSha512.Compute("Bitcoin seed"u8, seed);
        _key = EthKey.TryCreate(root.AsSpan(0, EthKey.Length), out EthKey? master)
            ? master
            : throw new EthereumException("this mnemonic makes no key; take another one");
        _chainCode = root[EthKey.Length..];
    }

    private KeyDerivation(EthKey key, byte[] chainCode)
    {
        _key = key;
        _chainCode = chainCode;
    }

    /// <summary>The key on a path such as <c>m/44'/60'/0'/0/1</c>.</summary>
    /// <exception cref="EthereumException">The path is malformed, or one of the few without a key.</exception>
    public EthKey Derive(string path) => Below(path)._key;

    /// <summary>The first keys below a path that ends with a slash.</summary>
    /// <exception cref="EthereumException">As <see cref="Derive"/>.</exception>
    public IReadOnlyList<EthKey> DeriveFirst(string path, int count)
    {
        KeyDerivation parent = Below(path.TrimEnd('/'));
        return [.. Enumerable.Range(0, count).Select(index => parent.Derive($"m/{index}"))];
    }

    private KeyDerivation Below(string path)
    {
        string[] steps = path.Split('/');
        if (steps[0] != "m" || steps.Length > MaxDepth)
        {
            throw NotAPath(path);
        }

        (EthKey key, byte[] chainCode) = (_key, _chainCode);
        foreach (string step in steps.AsSpan(1))
        {
            bool isHardened = step.EndsWith('\'');
            if (!uint.TryParse(step.AsSpan().TrimEnd('\''), NumberStyles.None, CultureInfo.InvariantCulture, out uint index)
                || index >= Hardened || step.EndsWith("''", StringComparison.Ordinal))
            {
                throw NotAPath(path);
            }

            byte[] data = new byte[1 + EthKey.Length + sizeof(uint)];
            (isHardened ? key.ToBytes() : key.ToCompressed()).CopyTo(data, isHardened ? 1 : 0);
            BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(1 + EthKey.Length), isHardened ? index | Hardened : index);
            byte[] child = HmacSha512.Compute(chainCode, data);
            key = key.TryAdd(child.AsSpan(0, EthKey.Length), out EthKey? sum)
                ? sum
                : throw new EthereumException($"there is no key on the path '{path}'; take the next number");
            chainCode = child[EthKey.Length..];
        }

        return new KeyDerivation(key, chainCode);
    }

    private static EthereumException NotAPath(string path) => new($"'{path}' is no path of keys: expected one such as m/44'/60'/0'/0/0");
}
