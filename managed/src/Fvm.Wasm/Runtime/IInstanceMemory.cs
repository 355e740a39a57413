namespace Fvm.Wasm;

/// <summary>The linear memory of one instance, independent of its engine's representation.</summary>
internal interface IInstanceMemory
{
    /// <summary>Address of its first byte; may change at growth.</summary>
    // Sound: declares only; Length bytes are accessible from Base until the memory grows or is disposed of.
    unsafe byte* Base { get; }

    /// <summary>Its length in bytes.</summary>
    ulong Length { get; }

    /// <summary>Grows to a number of pages, at least the present one.</summary>
    /// <exception cref="OutOfMemoryException">There is no room. The memory is then unchanged.</exception>
    void Grow(ulong pages);

    /// <summary>
    /// Returns the memory to the system, not to its pool. For finalizers, whose order is undefined: the pool's own data may have been finalized
    /// before, and an exception in a finalizer ends the process.
    /// </summary>
    void Release();
}
