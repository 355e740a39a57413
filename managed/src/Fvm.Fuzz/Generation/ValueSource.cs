using System.Buffers.Binary;
using System.Numerics;
using Fvm.Actors;
using Fvm.Ipld;

namespace Fvm.Fuzz;

/// <summary>Chooses parameters: mostly what a state has, sometimes the bounds of types, sometimes what does not belong there.</summary>
/// <param name="random">Decides.</param>
/// <param name="state">The state that the message runs on.</param>
/// <param name="epoch">The epoch of the message.</param>
/// <param name="strays">One of so many items is replaced by another one.</param>
internal sealed class ValueSource(FuzzRandom random, FuzzState state, long epoch, int strays) : IValueSource
{
    private const int EthereumLength = 20;
    private const int MaxNoise = 12;

    /// <summary>CBOR items of many kinds, most of them not what a field wants, and not all canonical or even well-formed.</summary>
    private static readonly byte[][] Items =
    [
        [0xf6], [0xf7], [0xf4], [0xf5], [0x80], [0xa0], [0x40], [0x60], [0x00], [0x20], [0x17], [0x18, 0x18], [0x38, 0xff],
        [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x18, 0x01], [0x19, 0x00, 0x01], [0x1a, 0, 0, 0, 1], [0x1b, 0, 0, 0, 0, 0, 0, 0, 1],                  // not minimal
        [0x58, 0x01, 0x00], [0x59, 0x00, 0x00], [0x78, 0x00], [0x98, 0x00], [0xb8, 0x00],
        [0x5f, 0xff], [0x7f, 0xff], [0x9f, 0xff], [0xbf, 0xff], [0x9f, 0x01, 0xff],                           // of indefinite length
        [0xf9, 0x3c, 0x00], [0xfa, 0x3f, 0x80, 0, 0], [0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], [0xfb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
        [0xc2, 0x41, 0x01], [0xd8, 0x2a, 0x40], [0xd8, 0x2a, 0x41, 0x00], [0xd8, 0x2a, 0x43, 0x00, 0x01, 0x55], [0xd9, 0x00, 0x2a, 0x00],
        [0x1c], [0xff], [0xfc], [0xe0], [0xf8, 0x20], [0xf8, 0x00], [0x9a, 0xff, 0xff, 0xff, 0xff], [0x5a, 0x7f, 0xff, 0xff, 0xff],
        [0x61, 0xff], [0x62, 0xc3, 0x28], [0xa1, 0x01, 0x02], [0xa2, 0x61, 0x62, 0x00, 0x61, 0x61, 0x00], [0x82, 0x00, 0x00], [0x83, 0, 0, 0], [],
    ];

    public int Below(int limit) => random.Below(limit);

    public ulong Integer() => random.OneIn(6) ? (ulong)Math.Max(0, epoch) + random.Integer() : random.Integer();

    public long Epoch() => random.Below(6) switch
    {
        0 => (long)random.Integer(),
        1 => epoch - random.Below(2_000),
        2 => -1,
        _ => epoch + random.Below(2_000_000),
    };

    public ulong Actor() => state.Actors.Count == 0 || random.OneIn(12) ? random.Integer() : random.Pick(state.Actors).Id;

    public byte[] Address() => random.OneIn(40) ? BrokenAddress() : AnyAddress().ToBytes();

    /// <summary>An address of any kind, mostly of an actor that is there.</summary>
    public Address AnyAddress()
    {
        if (state.Actors.Count > 0 && !random.OneIn(10))
        {
            KnownActor actor = random.Pick(state.Actors);
            return actor.Key is Address key && random.OneIn(2) ? key : Fvm.Address.NewId(actor.Id);
        }

        // Few seeds, so that an address that was made is met again.
        byte few = (byte)random.Below(6);
        return random.Below(7) switch
        {
            0 => Fvm.Address.NewId(random.Integer()),
            1 => Fvm.Address.NewSecp256k1(Filled(Fvm.Address.Secp256k1PublicKeyLength, few)),
            2 => Fvm.Address.NewBls(Filled(Fvm.Address.BlsPublicKeyLength, few)),
            3 => Fvm.Address.NewActor([few]),
            4 => Fvm.Address.NewDelegated(new ActorId(random.Integer() % 200), Filled(random.Below(55), few)),
            5 => Fvm.Address.NewDelegated(ActorId.EthereumAddressManager, EthereumAddressOf((ulong)random.Below(1_100))),
            _ => Fvm.Address.NewDelegated(ActorId.EthereumAddressManager, Filled(EthereumLength, few)),
        };
    }

    /// <summary>An Ethereum address: of an actor that is there, of an ID, or of few others.</summary>
    public byte[] EthereumAddress()
    {
        if (state.Actors.Count > 0 && !random.OneIn(6))
        {
            KnownActor actor = random.Pick(state.Actors);
            bool hasOwn = actor.Key is Address key && key.TryGetDelegated(out _, out ReadOnlyMemory<byte> own) && own.Length == EthereumLength;
            return hasOwn && random.OneIn(2) ? actor.Key!.Value.ToBytes()[^EthereumLength..] : EthereumAddressOf(actor.Id);
        }

        return Filled(EthereumLength, (byte)random.Below(6));
    }

    public byte[] BigInteger() => random.Below(8) switch
    {
        0 => [],
        1 => [0x00],
        2 => [0x00, 0x00],
        3 => [(byte)random.Below(3), .. random.Bytes(random.Below(20))],
        4 => [0x01, .. new BigInteger(random.Integer() | 1).ToByteArray(isUnsigned: true, isBigEndian: true)],
        5 => [0x00, .. (System.Numerics.BigInteger.One << random.Below(130)).ToByteArray(isUnsigned: true, isBigEndian: true)],
        _ => [0x00, .. new BigInteger(random.Integer() | 1).ToByteArray(isUnsigned: true, isBigEndian: true)],
    };

    // Version 0 in two bits, the first value in one, then runs: a bit 1 for one, 01 and four bits for a short one, 00 and a varint.
    public byte[] Bitfield()
    {
        if (random.OneIn(10))
        {
            return random.Bytes(random.Below(6));
        }

        UInt128 bits = 0;
        int at = 2;
        bits |= (UInt128)(uint)random.Below(2) << at++;
        int runs = random.Below(6);
        for (int run = 0; run < runs; run++)
        {
            switch (random.Below(3))
            {
                case 0:
                    bits |= (UInt128)1 << at++;
                    break;
                case 1:
                    bits |= ((UInt128)2 | ((UInt128)(uint)(2 + random.Below(14)) << 2)) << at;
                    at += 6;
                    break;
                default:
                    bits |= (UInt128)(uint)random.Below(128) << (at + 2);
                    at += 10;
                    break;
            }
        }

        byte[] bytes = new byte[(at + 7) / 8];
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)(bits >> (8 * index));
        }

        return runs == 0 ? [] : bytes;
    }

    public byte[] Bytes() => random.Below(14) switch
    {
        0 => [],
        1 => Address(),
        2 => random.Bytes(32),
        3 => random.Bytes(65),
        4 => random.Bytes(96),
        5 => EthereumAddress(),
        6 => new byte[random.Below(3_000)],
        7 => random.Pick(Items),
        8 => EvmProgram.Initcode(random, this),
        _ => random.Bytes(random.Below(48)),
    };

    public Cid Link() => random.Below(8) switch
    {
        0 => Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, random.Bytes(random.Below(8))),
        1 => Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Blake2b256, Filled(32, (byte)random.Below(4))),
        2 => Sealed(),
        3 when state.Actors.Count > 0 => random.Pick(state.Actors).State.State,
        _ when state.Codes.Count > 0 => random.Pick(state.Codes),
        _ => EmptyState.Cid,
    };

    public byte[]? Replacement() => !random.OneIn(strays) ? null : random.OneIn(8) ? random.Bytes(random.Below(MaxNoise)) : random.Pick(Items);

    // Sealed and unsealed commitments, which sectors and pieces are named by.
    private Cid Sealed() => random.OneIn(2)
        ? Cid.CreateV1(0xf101, 0x1012, Filled(32, (byte)random.Below(4)))
        : Cid.CreateV1(0xf102, 0xb401, Filled(32, (byte)random.Below(4)));

    private byte[] BrokenAddress() => random.Below(5) switch
    {
        0 => [],
        1 => [(byte)random.Below(8)],
        2 => [0, 0x80, 0x80],
        3 => [4, 10, .. random.Bytes(60)],
        _ => random.Bytes(random.Below(70)),
    };

    private static byte[] EthereumAddressOf(ulong id)
    {
        byte[] address = new byte[EthereumLength];
        address[0] = 0xff;
        BinaryPrimitives.WriteUInt64BigEndian(address.AsSpan(EthereumLength - sizeof(ulong)), id);
        return address;
    }

    private static byte[] Filled(int length, byte value)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
