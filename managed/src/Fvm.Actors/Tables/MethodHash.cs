using System.Buffers.Binary;
using System.Text;
using Fvm.Crypto;

namespace Fvm.Actors;

/// <summary>Method numbers from method names (FRC-42).</summary>
internal static class MethodHash
{
    private const uint FirstNumber = 1 << 24;

    /// <summary>
    /// The number of a method: the first four big-endian bytes of the BLAKE2b-512 of <c>1|</c> and the name that exceed the reserved numbers.
    /// </summary>
    /// <exception cref="ArgumentException">The name is not an identifier that begins with a capital letter or an underscore.</exception>
    public static MethodNumber Of(string name)
    {
        bool begins = name.Length > 0 && (char.IsAsciiLetterUpper(name[0]) || name[0] == '_');
        if (!begins || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw new ArgumentException($"\"{name}\" is not a method's name: letters, digits and underscores, a capital letter first", nameof(name));
        }

        if (name == "Constructor")
        {
            return MethodNumber.Constructor;
        }

        byte[] digest = Blake2b.Hash512(Encoding.UTF8.GetBytes($"1|{name}"));
        for (int at = 0; at < digest.Length; at += sizeof(uint))
        {
            uint number = BinaryPrimitives.ReadUInt32BigEndian(digest.AsSpan(at));
            if (number >= FirstNumber)
            {
                return new MethodNumber(number);
            }
        }

        throw new ArgumentException($"\"{name}\" has no number", nameof(name));
    }
}
