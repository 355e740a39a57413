using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>Numbers of function types by which <c>call_indirect</c> compares them.</summary>
internal static class TypeNumbers
{
    /// <summary>For each type a number that equal types share: the index of the first of them.</summary>
    public static int[] Of(ImmutableArray<FunctionType> types)
    {
        Dictionary<FunctionType, int> numbers = [];
        int[] result = new int[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            if (!numbers.TryGetValue(types[i], out result[i]))
            {
                result[i] = i;
                numbers.Add(types[i], i);
            }
        }

        return result;
    }
}
