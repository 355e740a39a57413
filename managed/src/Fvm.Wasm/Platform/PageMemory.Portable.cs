using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>The C runtime's heap: works everywhere, but a region costs its full size.</summary>
// Sound: the heap returns blocks of the requested size, and callers pass a block from here with its size, or a smaller number of bytes to
// clear.
internal sealed unsafe class PortablePageMemory : PageMemory
{
    public override bool IsLazy => false;

    public override byte* Allocate(nuint size) => (byte*)NativeMemory.AllocZeroed(Math.Max(size, 1));

    public override byte* AllocateHuge(nuint size) => Allocate(size);

    public override byte* Enlarge(byte* region, nuint size, nuint larger)
    {
        byte* grown = Allocate(larger);
        Buffer.MemoryCopy(region, grown, larger, size);
        Free(region, size);
        return grown;
    }

    public override void Free(byte* region, nuint size) => NativeMemory.Free(region);

    public override void Clear(byte* region, nuint size) => NativeMemory.Clear(region, size);

    public override void Discard(byte* region, nuint size) => Clear(region, size);
}
