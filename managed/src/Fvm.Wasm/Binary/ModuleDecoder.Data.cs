using System.Collections.Immutable;

namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadData(ref ByteReader reader)
    {
        int count = reader.ReadCount(_limits.DataSegments, "data segments");
        if (_dataCount >= 0 && _dataCount != count)
        {
            throw reader.Error("data count and data section have inconsistent lengths");
        }

        ImmutableArray<DataSegment>.Builder segments = ImmutableArray.CreateBuilder<DataSegment>(Math.Min(count, reader.Remaining));
        for (int i = 0; i < count; i++)
        {
            segments.Add(ReadSegment(ref reader));
        }

        _data = segments.ToImmutable();
    }

    private DataSegment ReadSegment(ref ByteReader reader)
    {
        uint flags = reader.ReadU32();
        if (flags > 2)
        {
            throw reader.Error("malformed flags of a data segment");
        }

        SegmentMode mode = flags == 1 ? SegmentMode.Passive : SegmentMode.Active;
        ConstantExpression offset = default;
        if (mode == SegmentMode.Active)
        {
            uint memory = flags == 2 ? reader.ReadU32() : 0;
            if (memory >= _memories.Count)
            {
                throw reader.Error($"unknown memory {memory}");
            }

            offset = ReadConstant(ref reader, ValueKind.I32);
        }

        uint length = reader.ReadU32();
        int start = reader.Position;
        reader.ReadBytes(length);
        return new DataSegment(mode, offset, start, (int)length);
    }
}
