namespace Fvm.Wasm;

/// <summary>Resolves imports in the host's table, for all engines: whether a module links is consensus.</summary>
internal static class ImportResolver
{
    /// <summary>Whether a module imports functions only.</summary>
    /// <param name="module">The module.</param>
    /// <param name="failure">The first other import, described; null if there is none.</param>
    public static bool HasFunctionsOnly(WasmModule module, out string? failure)
    {
        foreach (Import import in module.Imports)
        {
            if (import.Kind != ExternalKind.Function)
            {
                failure = $"unknown import {import.Module}.{import.Name} of a {import.Kind}".ToLowerInvariant();
                return false;
            }
        }

        failure = null;
        return true;
    }

    /// <summary>The host's index of each imported function; null if one is unknown or of another type.</summary>
    /// <param name="module">The module.</param>
    /// <param name="host">The host's functions.</param>
    /// <param name="failure">The reason if the result is null.</param>
    public static int[]? Resolve(WasmModule module, HostTable host, out string? failure)
    {
        int[] indices = new int[module.ImportedFunctionCount];
        int count = 0;
        foreach (Import import in module.Imports)
        {
            if (import.Kind != ExternalKind.Function)
            {
                continue;
            }

            int index = Find(host, import, module.Types[import.TypeIndex], out failure);
            if (index < 0)
            {
                return null;
            }

            indices[count++] = index;
        }

        failure = null;
        return indices;
    }

    private static int Find(HostTable host, Import import, FunctionType type, out string? failure)
    {
        failure = $"unknown import {import.Module}.{import.Name}";
        for (int i = 0; i < host.Functions.Count; i++)
        {
            HostFunction function = host.Functions[i];
            if (function.Name == import.Name && function.Module == import.Module)
            {
                if (function.Type.Equals(type))
                {
                    failure = null;
                    return i;
                }

                failure = $"import {import.Module}.{import.Name} is of type {function.Type}, not {type}";
            }
        }

        return -1;
    }
}
