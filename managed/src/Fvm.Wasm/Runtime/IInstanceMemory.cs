namespace Fvm.Wasm;

/// <summary>The linear memory of one instance, however its engine keeps it.</summary>
internal unsafe interface IInstanceMemory
{
    /// <summary>Its first byte; another one after it has grown.</summary>
    byte* Base { get; }

    /// <summary>Its length in bytes.</summary>
    ulong Length { get; }

    /// <summary>Grows to a number of pages, which is not below the present one.</summary>
    /// <exception cref="OutOfMemoryException">There is no room. The memory is then unchanged.</exception>
    void Grow(ulong pages);
}
