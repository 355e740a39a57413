using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli.Tests;

/// <summary>A bundle of actors, large enough for the machine code cache, with one function per module.</summary>
internal static class TestBundle
{
    private static readonly string[] Actors = ["system", "init", "account", "placeholder", "eam", "ethaccount"];

    /// <summary>The bundle as a CAR file.</summary>
    public static byte[] Bytes()
    {
        MemoryBlockstore store = new();
        CborWriter list = new();
        list.WriteArrayHeader(Actors.Length);
        for (int i = 0; i < Actors.Length; i++)
        {
            list.WriteArrayHeader(2);
            list.WriteText(Actors[i]);
            list.WriteCid(Put(store, Multicodec.Raw, Module((byte)i)));
        }

        CborWriter root = new();
        root.WriteArrayHeader(2);
        root.WriteUInt(1);
        root.WriteCid(Put(store, Multicodec.DagCbor, list.ToArray()));
        using MemoryStream file = new();
        CarFiles.Write(file, Put(store, Multicodec.DagCbor, root.ToArray()), store);
        return file.ToArray();
    }

    private static Cid Put(MemoryBlockstore store, ulong codec, byte[] block)
    {
        Cid cid = Cid.Blake2b256(codec, block);
        store.Put(cid, block);
        return cid;
    }

    // (module (func (result i32) i32.const NUMBER)) and a custom section of 20,000 bytes.
    private static byte[] Module(byte number) =>
    [
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        1, 5, 1, 0x60, 0, 1, 0x7f,
        3, 2, 1, 0,
        10, 6, 1, 4, 0, 0x41, number, 0x0b,
        0, 0xa0, 0x9c, 1, .. new byte[20_000],
    ];
}
