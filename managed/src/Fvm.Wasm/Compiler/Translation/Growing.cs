using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>Arrays that are reused from function to function, with a count of the elements in use.</summary>
internal static class Growing
{
    /// <summary>Adds an element behind those in use; doubles the array if it is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Append<T>(ref T[] array, ref int count, T element)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, 2 * count);
        }

        array[count++] = element;
    }
}
