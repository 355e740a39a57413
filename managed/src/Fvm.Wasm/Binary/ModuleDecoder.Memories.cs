namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadMemories(ref ByteReader reader)
    {
        int count = reader.ReadCount(1, "memories");
        for (int i = 0; i < count; i++)
        {
            ReadMemory(ref reader);
        }
    }

    private Limits ReadMemory(ref ByteReader reader)
    {
        Limits limits = ReadLimits(ref reader, MaxMemoryPages, "memory");
        if (_memories.Count > 0)
        {
            throw reader.Error("multiple memories");
        }

        _memories.Add(limits);
        return limits;
    }
}
