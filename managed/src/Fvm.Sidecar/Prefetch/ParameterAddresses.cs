using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>Addresses in the parameters of a message: actors that it will probably look up.</summary>
internal static class ParameterAddresses
{
    private const int Most = 4;
    private const int MostItems = 64;

    // An amount may look like a longer one.
    private const int MostBytesOfId = 6;

    /// <summary>The first few byte strings that are addresses.</summary>
    public static List<Address> Of(ReadOnlySpan<byte> parameters)
    {
        List<Address> found = [];
        CborReader reader = CborReader.Noting(parameters);
        for (int item = 0; item < MostItems && found.Count < Most && reader.Fault is null; item++)
        {
            switch (reader.PeekType())
            {
                case CborType.Bytes:
                    ReadOnlySpan<byte> bytes = reader.ReadBytes();
                    if (Address.TryFromBytes(bytes, out Address address) && !found.Contains(address)
                        && (address.Protocol != AddressProtocol.Id || bytes.Length <= MostBytesOfId))
                    {
                        found.Add(address);
                    }

                    break;
                case CborType.Array:
                    reader.ReadArrayHeader();
                    break;
                case CborType.Map:
                    reader.ReadMapHeader();
                    break;
                case CborType.Text:
                    reader.ReadTextUtf8();
                    break;
                case CborType.UnsignedInteger or CborType.NegativeInteger:
                    reader.ReadInt();
                    break;
                case CborType.Boolean:
                    reader.ReadBool();
                    break;
                case CborType.Null:
                    reader.ReadNull();
                    break;
                case CborType.Tag:
                    reader.ReadCid();
                    break;
                default:
                    return found;
            }
        }

        return found;
    }
}
