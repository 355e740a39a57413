using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>Canonical numbers of function types, for the type check of <c>call_indirect</c>.</summary>
internal static class TypeNumbers
{
    /// <summary>Per type, the index of the first equal type.</summary>
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
