using System.Buffers.Binary;
using Fvm.Ipld;

namespace Fvm.Fuzz;

/// <summary>
/// Writes Wasm actors that make random syscalls: those of a network version, with arguments that mostly fit (offsets of prepared data, handles that
/// an earlier call returned) and sometimes do not. Its data: addresses, CIDs, blocks and noise, at offsets that are multiples of 256.
/// </summary>
internal sealed class SyscallProgram
{
    private const int Pages = 2;
    private const int Result = 64;
    private const int ResultStep = 16;
    private const int Results = 12;
    private const int DataAt = 1_024;
    private const int Slot = 256;
    private const int Slots = 24;

    // Never written: keys of zeros, which are UTF-8.
    private const int Zeros = 60_000;
    private const int FarOut = Pages << 16;

    private readonly FuzzRandom _random;
    private readonly ValueSource _values;
    private readonly SyscallRow[] _rows;
    private readonly int[] _lengths = new int[Slots];
    private readonly int[] _keyLengths = new int[Slots];
    private readonly int[] _valueLengths = new int[Slots];
    private int _calls;

    private SyscallProgram(FuzzRandom random, ValueSource values, SyscallRow[] rows)
    {
        _random = random;
        _values = values;
        _rows = rows;
    }

    /// <summary>A module.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="values">Chooses addresses and CIDs.</param>
    /// <param name="networkVersion">The network version.</param>
    public static byte[] Module(FuzzRandom random, ValueSource values, uint networkVersion) =>
        new SyscallProgram(random, values, SyscallTable.For(NetworkRules.For(networkVersion)).Rows).Write();

    private byte[] Write()
    {
        // Few imports each, so that modules differ; sends and blocks often, because others need them.
        SyscallRow[] rows = [.. _rows.Where(row => row.Module is "ipld" or "send" or "self" || _random.OneIn(3))];
        byte[] data = Data();
        WasmWriter code = Body(rows);
        WasmWriter module = new();
        module.Raw(0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0);
        WasmWriter types = new();
        types.Unsigned((uint)rows.Length + 1);
        types.Raw(0x60, 1, 0x7f, 1, 0x7f);
        WasmWriter imports = new();
        imports.Unsigned((uint)rows.Length);
        for (int index = 0; index < rows.Length; index++)
        {
            SyscallRow row = rows[index];
            types.Raw(0x60);
            types.Unsigned((uint)row.ArgumentCount);
            if (row.ResultSize > 0)
            {
                types.Raw(0x7f);
            }

            foreach (char parameter in row.Parameters)
            {
                types.Raw(parameter == 'l' ? (byte)0x7e : (byte)0x7f);
            }

            types.Raw(1, 0x7f);
            imports.Name(row.Module);
            imports.Name(row.Name);
            imports.Raw(0);
            imports.Unsigned((uint)index + 1);
        }

        WasmWriter functions = new();
        functions.Raw(1, 0);
        WasmWriter memory = new();
        memory.Raw(1, 0, Pages);
        WasmWriter exports = new();
        exports.Unsigned(2);
        exports.Name("memory");
        exports.Raw(2, 0);
        exports.Name("invoke");
        exports.Raw(0);
        exports.Unsigned((uint)rows.Length);
        WasmWriter bodies = new();
        bodies.Unsigned(1);
        bodies.Sized(code.ToArray());
        WasmWriter segments = new();
        segments.Raw(1, 0);
        segments.ConstantI32(DataAt);
        segments.Raw(0x0b);
        segments.Sized(data);
        module.Section(1, types);
        module.Section(2, imports);
        module.Section(3, functions);
        module.Section(5, memory);
        module.Section(7, exports);
        module.Section(10, bodies);
        module.Section(11, segments);
        return module.ToArray();
    }

    private byte[] Data()
    {
        byte[] data = new byte[Slots * Slot];
        for (int slot = 0; slot < Slots; slot++)
        {
            byte[] content = (slot % 6) switch
            {
                0 => _values.AnyAddress().ToBytes(),
                1 => _values.Link().ToBytes(),
                2 => Block(),
                3 => [(byte)_random.Below(120), .. _random.Bytes(_random.Below(100))],
                4 => Event(slot),
                _ => _values.Bytes(),
            };
            content = content.Length > Slot ? content[..Slot] : content;
            content.CopyTo(data, slot * Slot);
            _lengths[slot] = content.Length;
        }

        return data;
    }

    private byte[] Block()
    {
        CborWriter writer = new();
        int links = _random.Below(4);
        writer.WriteArrayHeader(links + 1);
        for (int index = 0; index < links; index++)
        {
            writer.WriteCid(_random.OneIn(2) ? EmptyState.Cid : _values.Link());
        }

        writer.WriteRaw(_values.Replacement() ?? [0x01]);
        return writer.ToArray();
    }

    // Two entries of an event: flags, codec, and the lengths of key and value.
    private byte[] Event(int slot)
    {
        byte[] entries = new byte[48];
        for (int at = 0; at < entries.Length; at += 24)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(at), (ulong)_random.Below(5));
            BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(at + 8), _random.OneIn(6) ? _random.Integer() : Multicodec.Raw);
            int key = _random.Below(34);
            int value = _random.Below(40);
            _keyLengths[slot] += key;
            _valueLengths[slot] += value;
            BinaryPrimitives.WriteUInt32LittleEndian(entries.AsSpan(at + 16), (uint)key);
            BinaryPrimitives.WriteUInt32LittleEndian(entries.AsSpan(at + 20), (uint)value);
        }

        return entries;
    }

    private WasmWriter Body(SyscallRow[] rows)
    {
        WasmWriter body = new();
        body.Raw(1, 1, 0x7f);                                     // a local of i32: rounds left
        int calls = 2 + _random.Below(24);
        bool loops = _random.OneIn(6);
        if (loops)
        {
            body.ConstantI32(1 + _random.Below(40));
            body.Raw(0x21, 1, 0x03, 0x40);                        // local.set 1, loop
        }

        for (int call = 0; call < calls; call++)
        {
            Call(body, rows);
        }

        if (loops)
        {
            body.Raw(0x20, 1);
            body.ConstantI32(1);
            body.Raw(0x6b, 0x22, 1, 0x0d, 0, 0x0b);               // i32.sub, local.tee 1, br_if 0, end
        }

        // The block that is returned: none, the parameters', that of an earlier call, or one that is not there.
        switch (_random.Below(5))
        {
            case 0:
                body.Raw(0x20, 0);
                break;
            case 1:
                LoadResult(body, wide: false);
                break;
            case 2:
                body.ConstantI32((int)_random.Integer());
                break;
            default:
                body.ConstantI32(0);
                break;
        }

        body.Raw(0x0b);
        return body;
    }

    private void Call(WasmWriter body, SyscallRow[] rows)
    {
        int index = _random.Below(rows.Length);
        SyscallRow row = rows[index];
        if (row.ResultSize > 0)
        {
            body.ConstantI32(_random.OneIn(40) ? OddOffset() : Result + (_calls++ % Results * ResultStep));
        }

        int slot = _random.Below(Slots);
        string form = SyscallArguments.Of(row);
        for (int parameter = 0; parameter < row.Parameters.Length; parameter++)
        {
            Argument(body, row.Parameters[parameter] == 'l', parameter < form.Length ? form[parameter] : '?', ref slot);
        }

        body.Raw(0x10);
        body.Unsigned((uint)index);
        body.Raw(0x1a);                                           // drop
    }

    private void Argument(WasmWriter body, bool wide, char form, ref int slot)
    {
        if (_random.OneIn(24))
        {
            Constant(body, wide, (long)_random.Integer());
            return;
        }

        switch (form)
        {
            case 'p' or 'a' or 'c' or 'e':
                // Data of that kind: an offset, after which its length follows.
                slot = _random.Below(Slots / 6) * 6 + form switch { 'a' => 0, 'c' => 1, 'e' => 4, _ => _random.Below(6) };
                Constant(body, wide, DataAt + (slot * Slot));
                break;
            case 'n':
                Constant(body, wide, _random.OneIn(10) ? _random.Below(2_000) : _lengths[slot]);
                break;
            case 'K':
                Constant(body, wide, Zeros);
                break;
            case 'V':
                Constant(body, wide, DataAt);
                break;
            case 'k':
                Constant(body, wide, _keyLengths[slot]);
                break;
            case 'v':
                Constant(body, wide, _valueLengths[slot]);
                break;
            case 'o':
                Constant(body, wide, 16_384 + (_random.Below(8) * 512));
                break;
            case 'm':
                Constant(body, wide, _random.OneIn(8) ? _random.Below(4) : 512);
                break;
            case 'h' when _random.OneIn(4):
                body.Raw(0x20, 0);                                // the parameters' handle
                break;
            case 'h':
                LoadResult(body, wide);
                break;
            case 'd':
                Constant(body, wide, (long)_random.Pick<ulong>([Multicodec.DagCbor, Multicodec.Raw, 0x51, Multicodec.DagCbor, 0x70]));
                break;
            case 'x':
                Constant(body, wide, (long)_random.Pick<ulong>([MultihashCode.Blake2b256, 0x12, 0x1b, 0x1053, 0xb240, MultihashCode.Blake2b256]));
                break;
            case 'i':
                Constant(body, wide, (long)_values.Actor());
                break;
            case 't':
                Constant(body, wide, _values.Epoch());
                break;
            case 'g':
                Constant(body, wide, _random.OneIn(2) ? 100_000_000 : _random.Below(20_000_000));
                break;
            case '0':
                Constant(body, wide, _random.OneIn(6) ? 1 : 0);
                break;
            default:
                Constant(body, wide, (long)_random.Integer());
                break;
        }
    }

    private void LoadResult(WasmWriter body, bool wide)
    {
        body.ConstantI32(Result + (_random.Below(Results) * ResultStep));
        body.Raw(wide ? [0x29, 3, 0] : (ReadOnlySpan<byte>)[0x28, 2, 0]);
    }

    private int OddOffset() => _random.Below(4) switch
    {
        0 => -1,
        1 => FarOut - 1,
        2 => FarOut,
        _ => (int)_random.Integer(),
    };

    private static void Constant(WasmWriter body, bool wide, long value)
    {
        if (wide)
        {
            body.ConstantI64(value);
        }
        else
        {
            body.ConstantI32((int)value);
        }
    }
}
