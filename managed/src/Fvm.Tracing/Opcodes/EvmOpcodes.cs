namespace Fvm.Tracing;

/// <summary>The opcodes that need more than their operands, and the names of all.</summary>
internal static class EvmOpcodes
{
    public const byte Stop = 0x00;
    public const byte SLoad = 0x54;
    public const byte SStore = 0x55;
    public const byte JumpDestination = 0x5b;
    public const byte Push0 = 0x5f;
    public const byte Push1 = 0x60;
    public const byte Push32 = 0x7f;
    public const byte Dup1 = 0x80;
    public const byte Dup16 = 0x8f;
    public const byte Swap1 = 0x90;
    public const byte Swap16 = 0x9f;
    public const byte Log0 = 0xa0;
    public const byte Log4 = 0xa4;

    private static readonly string[] Names = BuildNames();

    /// <summary>The name as Geth writes it, which calls PREVRANDAO by its old name, and names some that the FVM does not define.</summary>
    public static string NameOf(byte opcode) => Names[opcode];

    private static string[] BuildNames()
    {
        string[] names = new string[256];
        for (int opcode = 0; opcode < names.Length; opcode++)
        {
            names[opcode] = (byte)opcode switch
            {
                >= Push0 and <= Push32 => $"PUSH{opcode - Push0}",
                >= Dup1 and <= Dup16 => $"DUP{opcode - Dup1 + 1}",
                >= Swap1 and <= Swap16 => $"SWAP{opcode - Swap1 + 1}",
                >= Log0 and <= Log4 => $"LOG{opcode - Log0}",
                _ => $"opcode 0x{opcode:x} not defined",
            };
        }

        Set(names, 0x00, "STOP", "ADD", "MUL", "SUB", "DIV", "SDIV", "MOD", "SMOD", "ADDMOD", "MULMOD", "EXP", "SIGNEXTEND");
        Set(names, 0x10, "LT", "GT", "SLT", "SGT", "EQ", "ISZERO", "AND", "OR", "XOR", "NOT", "BYTE", "SHL", "SHR", "SAR", "CLZ");
        Set(names, 0x20, "KECCAK256");
        Set(names, 0x30, "ADDRESS", "BALANCE", "ORIGIN", "CALLER", "CALLVALUE", "CALLDATALOAD", "CALLDATASIZE", "CALLDATACOPY");
        Set(names, 0x38, "CODESIZE", "CODECOPY", "GASPRICE", "EXTCODESIZE", "EXTCODECOPY", "RETURNDATASIZE", "RETURNDATACOPY", "EXTCODEHASH");
        Set(names, 0x40, "BLOCKHASH", "COINBASE", "TIMESTAMP", "NUMBER", "DIFFICULTY", "GASLIMIT", "CHAINID", "SELFBALANCE", "BASEFEE");
        Set(names, 0x49, "BLOBHASH", "BLOBBASEFEE");
        Set(names, 0x50, "POP", "MLOAD", "MSTORE", "MSTORE8", "SLOAD", "SSTORE", "JUMP", "JUMPI", "PC", "MSIZE", "GAS", "JUMPDEST");
        Set(names, 0x5c, "TLOAD", "TSTORE", "MCOPY");
        Set(names, 0xf0, "CREATE", "CALL", "CALLCODE", "RETURN", "DELEGATECALL", "CREATE2");
        Set(names, 0xfa, "STATICCALL");
        Set(names, 0xfd, "REVERT", "INVALID", "SELFDESTRUCT");
        return names;
    }

    private static void Set(string[] names, int first, params ReadOnlySpan<string> row) => row.CopyTo(names.AsSpan(first));
}
