using Fvm.Wasm.Fuzz;

namespace Fvm.Wasm.Tests;

/// <summary>A frame of four i64 locals: 0 is a parameter in rbx, 1 a parameter in its caller's frame, 2 in rsi, 3 in the frame.</summary>
internal static class TestFrame
{
    /// <summary>Distance of the locals from the stack pointer.</summary>
    public const int LocalsAt = 16;

    /// <summary>Distance of spilled operands from the stack pointer.</summary>
    public const int OperandsAt = 64;

    /// <summary>Uses of the locals that give them these places.</summary>
    private const string Uses = """
        i64.const 1 local.set 2 i64.const 1 local.set 3
        local.get 0 drop local.get 0 drop local.get 0 drop local.get 0 drop local.get 1 drop local.get 2 drop local.get 2 drop
        """;

    public static FrameLayout Create()
    {
        FrameLayout frame = new();
        Assign(frame, Uses);
        return frame;
    }

    /// <summary>Lays a frame out for a function with the four locals.</summary>
    public static void Assign(FrameLayout frame, string code)
    {
        ModuleBuilder builder = new();
        builder.Function("II", "", "I2", code.ReplaceLineEndings(" "));
        WasmModule module = ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
        LocalUses uses = new();
        uses.Count(module, module.BodyOf(0), 2, 4);
        frame.Reset(2, 4);
        frame.AssignRegisters(uses);
        frame.AssignPlaces(uses);
        frame.Place(LocalsAt, OperandsAt);
    }
}
