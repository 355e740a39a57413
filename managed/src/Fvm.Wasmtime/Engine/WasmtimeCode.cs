using System.Collections.Concurrent;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>A module compiled by Wasmtime.</summary>
// Sound: the module is deleted once, after its links; the caller disposes of instances before.
internal sealed unsafe class WasmtimeCode : IWasmCode
{
    private readonly MeteringRules? _rules;
    private readonly ConcurrentBag<WasmtimeLinkedCode> _links = [];
    private readonly CompiledModule? _compiled;
    private readonly long _size;

    public WasmtimeCode(WasmtimeEngine engine, WasmModule module, MeteringRules? rules)
    {
        Engine = engine;
        Module = module;
        _rules = rules;
        _size = CodeSize.Of(module);

        if (ImportResolver.HasFunctionsOnly(module, out _))
        {
            _compiled = new CompiledModule(engine, module, rules, ImportedState.None);
            _size += _compiled.Size;
        }
        else if (rules is not null)
        {
            // It never links, but whether it is refused before is consensus.
            Instrumenter.Write(module, rules, new ImportedState(new ulong[module.ImportedGlobalCount], null, null), observesGlobals: false);
        }
    }

    public WasmtimeEngine Engine { get; }

    /// <inheritdoc/>
    public WasmModule Module { get; }

    /// <inheritdoc/>
    public long Size => _size;

    /// <summary>The limit of the stack's height.</summary>
    public int StackLimit => _rules is null ? int.MaxValue : (int)_rules.MaxStackHeight;

    /// <inheritdoc/>
    public ILinkedCode? Link(HostTable host, out string? failure) =>
        ImportResolver.HasFunctionsOnly(Module, out failure) ? LinkFunctions(host, ImportedState.None, out failure) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_links.TryTake(out WasmtimeLinkedCode? link))
        {
            link.Dispose();
        }

        _compiled?.Dispose();
    }

    /// <summary>
    /// Links functions as <see cref="Link"/> does, with definitions in place of other imports: for tests of the specification.
    /// </summary>
    internal WasmtimeLinkedCode? LinkFunctions(HostTable host, ImportedState imported, out string? failure)
    {
        int[]? imports = ImportResolver.Resolve(Module, host, out failure);
        if (imports is null)
        {
            return null;
        }

        CompiledModule compiled = _compiled ?? new CompiledModule(Engine, Module, _rules, imported);
        WasmtimeLinkedCode linked = new(this, compiled, compiled != _compiled, host, imports, imported);
        _links.Add(linked);
        return linked;
    }
}
