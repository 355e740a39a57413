using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// Initial content of a module's memory and table after its active segments, if known statically: new instances start with a copy, and in
/// reused memories only the pages that differ are restored. Where the system can, new memories map the image's pages instead.
/// </summary>
internal sealed class MemoryImage : IDisposable
{
    /// <summary>Maximum size in bytes. Without an image, segments are written one by one.</summary>
    private const ulong MaxSize = 16 << 20;

    private readonly SharedPages? _shared;
    private bool _isShared;
    private long _offset;

    private MemoryImage(ulong[] table, SharedPages? shared)
    {
        Table = table;
        _shared = shared;
    }

    ~MemoryImage() => Free();

    /// <summary>Linear-memory address of the first byte of <see cref="Bytes"/>, a multiple of the page size.</summary>
    public ulong Start { get; private set; }

    /// <summary>Length in bytes, a multiple of the page size.</summary>
    public ulong Length { get; private set; }

    /// <summary>Memory content from <see cref="Start"/> on; the rest of the memory is zero.</summary>
    // Sound: Length bytes, owned by this object until it is freed.
    public unsafe byte* Bytes { get; private set; }

    /// <summary>Initial references of the table.</summary>
    public ulong[] Table { get; }

    /// <summary>
    /// Creates the image; null if a segment is out of bounds, an offset is not an <c>i32.const</c>, or the image exceeds its maximum size.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="shared">Where to put the memory's content, so that memories can map it; null to copy it.</param>
    public static MemoryImage? Create(WasmModule module, SharedPages? shared)
    {
        ulong memory = module.Memories.IsEmpty ? 0 : (ulong)module.Memories[0].Minimum << 16;
        ulong start = ulong.MaxValue;
        ulong end = 0;
        foreach (DataSegment segment in module.Data)
        {
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            ulong to = (uint)segment.Offset.Bits + (ulong)segment.Length;
            if (segment.Offset.Opcode != Opcode.I32Const || to > memory)
            {
                return null;
            }

            if (segment.Length > 0)
            {
                start = Math.Min(start, (uint)segment.Offset.Bits);
                end = Math.Max(end, to);
            }
        }

        ulong[]? table = TableOf(module);
        if (table is null)
        {
            return null;
        }

        MemoryImage image = new(table, shared);
        if (end > 0)
        {
            start &= ~(ulong)(PageMap.PageSize - 1);
            end = (end + PageMap.PageSize - 1) & ~(ulong)(PageMap.PageSize - 1);
            if (end - start > MaxSize)
            {
                return null;
            }

            image.Fill(module, start, end - start);
        }

        return image;
    }

    /// <summary>Maps the image's pages into a memory, which then has the image's content; false, without effect, if that cannot be done.</summary>
    /// <param name="memory">A memory of at least the initial size, which only has zeros.</param>
    // Sound: the image ends within the module's initial memory.
    public unsafe bool TryMap(byte* memory) => _isShared && _shared!.TryMap(memory + Start, (nuint)Length, _offset);

    /// <summary>To be called when a memory that maps the image's pages is freed.</summary>
    public void CountUnmapped() => _shared!.CountUnmapped();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static ulong[]? TableOf(WasmModule module)
    {
        ulong[] table = new ulong[module.Tables.IsEmpty ? 0 : Math.Min(module.Tables[0].Minimum, module.Limits.InstanceElements)];
        foreach (ElementSegment segment in module.Elements)
        {
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            ulong to = (uint)segment.Offset.Bits;
            if (segment.Offset.Opcode != Opcode.I32Const || to + (ulong)segment.Functions.Length > (ulong)table.Length)
            {
                return null;
            }

            foreach (int function in segment.Functions)
            {
                table[to++] = FunctionReference.Of(function);
            }
        }

        return table;
    }

    // Sound: Create has checked that every non-empty segment is between start and start + length.
    private unsafe void Fill(WasmModule module, ulong start, ulong length)
    {
        Start = start;
        Length = length;
        Bytes = _shared is null ? null : _shared.Add((nuint)length, out _offset);
        _isShared = Bytes != null;
        if (!_isShared)
        {
            Bytes = (byte*)NativeMemory.AllocZeroed((nuint)length);
        }

        ReadOnlySpan<byte> wasm = module.Bytes.Span;
        foreach (DataSegment segment in module.Data)
        {
            if (segment.Mode == SegmentMode.Active)
            {
                wasm.Slice(segment.Start, segment.Length).CopyTo(
                    new Span<byte>(Bytes + ((uint)segment.Offset.Bits - start), segment.Length));
            }
        }

        if (_isShared)
        {
            SharedPages.Seal(Bytes, (nuint)length);
        }
    }

    // Sound: the bytes are freed once; code is disposed of after its instances.
    private unsafe void Free()
    {
        if (!_isShared)
        {
            NativeMemory.Free(Bytes);
        }
        else if (Bytes != null)
        {
            _shared!.Remove(Bytes, (nuint)Length, _offset);
        }

        Bytes = null;
    }
}
