using System.Diagnostics.CodeAnalysis;

namespace Fvm.Tracing;

/// <summary>
/// Finds in a message's calls what Ethereum's tools would see, by the rules of Lotus: contracts' calls with their own data, delegate calls and
/// creations put together from the calls that they consist of, other calls as if a contract received them.
/// </summary>
internal static class EthFrames
{
    /// <summary>The number of InvokeEVM (FRC-42), which runs a contract.</summary>
    public static readonly MethodNumber InvokeContract = new(3844450837);

    /// <summary>The least number of a method that all callers may call (FRC-42); contracts handle those themselves.</summary>
    public const ulong FirstPublicMethod = 1024;

    // Methods of contracts, and of the Ethereum address manager, that a contract's program leads to.
    internal static readonly MethodNumber Resurrect = new(2);
    internal static readonly MethodNumber GetBytecode = new(3);
    internal static readonly MethodNumber InvokeContractDelegate = new(6);
    internal static readonly MethodNumber Create = new(2);
    internal static readonly MethodNumber Create2 = new(3);

    private const string Contract = "evm";

    private static readonly byte[] NoCode = [0xfe];

    // Methods of the init actor, and of the Ethereum address manager.
    private static readonly MethodNumber Exec = new(2);
    private static readonly MethodNumber Exec4 = new(3);
    private static readonly MethodNumber CreateExternal = new(4);

    /// <summary>The frame of a message, with those in it.</summary>
    /// <param name="tree">The message's calls.</param>
    /// <param name="sender">The message's sender.</param>
    /// <returns>Null if no actor was reached.</returns>
    public static EthFrame? Of(CallTree tree, EthAddress sender)
    {
        if (tree.Outermost is not CallNode call)
        {
            return null;
        }

        Caller caller = new(sender, IsContract: false) { GasBefore = tree.GasBeforeRounded, TotalGas = tree.TotalGas };
        return Read(call, caller, isOutermost: true);
    }

    // Recurses to the depth of actor calls, which the machine limits.
    private static EthFrame? Read(CallNode call, Caller caller, bool isOutermost)
    {
        EthFrame? frame = FrameOf(call, caller, isOutermost);
        if (frame?.Inner.Invoked is InvokeActorEvent invoked)
        {
            Caller inner = new(EthAddress.Of(invoked.Id, invoked.State), frame.Inner.Actor == Contract);
            for (int index = 0; index < frame.Inner.Calls.Count; index++)
            {
                if (Read(frame.Inner.Calls[index], inner, isOutermost: false) is EthFrame found)
                {
                    frame.Add(found, index);
                }
            }
        }

        return frame;
    }

    private static EthFrame? FrameOf(CallNode call, Caller caller, bool isOutermost)
    {
        // Ethereum traces a call after the checks that these failures belong to.
        if (!isOutermost && (call.ExitCode == ExitCode.SysInsufficientFunds || call.ExitCode == ExitCode.SysAssertionFailed)) return null;

        if (call.Invoked is null) return null;

        MethodNumber method = call.Call.Method;
        if (method == InvokeContract) return ContractCall(call, caller);

        if (call.Call.To == Address.NewId(ActorId.Init) && (method == Exec || method == Exec4)) return NativeCreation(call, caller);

        if (call.Call.To == Address.NewId(ActorId.EthereumAddressManager)
            && (method == Create || method == Create2 || method == CreateExternal))
        {
            return ContractCreation(call, caller);
        }

        // Contracts cannot call these methods, only their interpreter does.
        if (caller.IsContract && method.Value is > 0 and < FirstPublicMethod) return Private(call, caller);

        return NativeCall(call, caller);
    }

    private static EthFrame ContractCall(CallNode call, Caller caller) =>
        EthPayload.TryUnwrap(call.Call.Params, out ReadOnlyMemory<byte> input)
        && EthPayload.TryUnwrap(call.Return?.Value, out ReadOnlyMemory<byte> output)
            ? Call(call, caller, input, output)
            : NativeCall(call, caller);

    private static EthFrame NativeCall(CallNode call, Caller caller) => Call(
        call,
        caller,
        EthPayload.OfNativeCall(call.Call.Method, call.Call.Params),
        EthPayload.OfNativeReturn(call.ExitCode, call.Return?.Value));

    private static EthFrame Call(CallNode call, Caller caller, ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> output) => new(call, call)
    {
        Type = call.Call.ReadOnly ? EthCallType.StaticCall : EthCallType.Call,
        From = caller.Address,
        To = EthAddress.Of(call.Invoked!.Id, call.Invoked.State),
        Input = input,
        Output = output,
        OwnGas = caller.OwnGasOf(call),
        TotalGas = caller.TotalGasOf(call),
        Error = EthErrors.Of(call),
    };

    /// <summary>An actor other than a contract, created through the init actor.</summary>
    private static EthFrame? NativeCreation(CallNode call, Caller caller)
    {
        // Without a constructor's call the creation failed before it began, or could not begin.
        if (call.Call.ReadOnly || FindConstructor(call) is not CallNode constructor) return null;

        bool created = call.ExitCode.IsSuccess;
        EthAddress? address = null;
        if (created)
        {
            if (!TryReadCreatedId(call.Return?.Value, out ActorId id)) return NativeCall(call, caller);

            address = EthAddress.OfId(id);
        }

        return Creation(call, constructor, caller, EthCallType.Create, NoCode, created ? NoCode : default, address);
    }

    private static EthFrame? ContractCreation(CallNode call, Caller caller)
    {
        if (call.Call.ReadOnly || FindContractConstructor(call) is not CallNode constructor) return null;

        if (!TryReadInitCode(call, out ReadOnlyMemory<byte> init)) return NativeCall(call, caller);

        EthAddress? address = null;
        ReadOnlyMemory<byte> output = default;
        if (call.ExitCode.IsSuccess)
        {
            if (!TryReadCreatedAddress(call.Return?.Value, out address)) return NativeCall(call, caller);

            output = NoCode;
        }
        else if (EthErrors.Of(call) == EthErrors.Reverted)
        {
            _ = EthPayload.TryUnwrap(constructor.Return?.Value, out output);
        }

        EthCallType type = call.Call.Method == Create2 ? EthCallType.Create2 : EthCallType.Create;
        return Creation(call, constructor, caller, type, init, output, address);
    }

    private static EthFrame Creation(
        CallNode call,
        CallNode constructor,
        Caller caller,
        EthCallType type,
        ReadOnlyMemory<byte> init,
        ReadOnlyMemory<byte> output,
        EthAddress? address) => new(call, constructor)
        {
            Type = type,
            From = caller.Address,
            To = address,
            Input = init,
            Output = output,
            OwnGas = caller.OwnGasOf(call),
            TotalGas = caller.TotalGasOf(call),
            Error = EthErrors.Of(call),
        };

    /// <summary>
    /// A call that a contract's interpreter made for itself. To run another contract's code it asks that one for its code, then calls itself
    /// with that; everything else belongs to other opcodes and is not shown.
    /// </summary>
    private static EthFrame? Private(CallNode call, Caller caller)
    {
        if (call.Call.Method == GetBytecode)
        {
            caller.CodeOwner = call.ExitCode.IsSuccess ? EthAddress.Of(call.Invoked!.Id, call.Invoked.State) : null;
            return null;
        }

        if (call.Call.Method != InvokeContractDelegate
            || caller.CodeOwner is not EthAddress owner
            || !TryReadDelegateInput(call.Call.Params, out ReadOnlyMemory<byte> input)
            || !EthPayload.TryUnwrap(call.Return?.Value, out ReadOnlyMemory<byte> output))
        {
            return null;
        }

        return new EthFrame(call, call)
        {
            Type = EthCallType.DelegateCall,
            From = caller.Address,
            To = owner,
            Input = input,
            Output = output,
            OwnGas = caller.OwnGasOf(call),
            TotalGas = caller.TotalGasOf(call),
            Error = EthErrors.Of(call),
        };
    }

    private static CallNode? FindConstructor(CallNode call) =>
        call.Calls.FirstOrDefault(static inner => inner.Call.Method == MethodNumber.Constructor);

    private static CallNode? FindContractConstructor(CallNode call)
    {
        foreach (CallNode inner in call.Calls)
        {
            if (inner.Call.To == Address.NewId(ActorId.Init))
            {
                if (FindConstructor(inner) is CallNode constructor) return constructor;
            }
            else if (inner.Call.Method == Resurrect)
            {
                return inner;
            }
        }

        return null;
    }

    // CreateExternal has the code itself, the others a tuple that begins with it.
    private static bool TryReadInitCode(CallNode call, out ReadOnlyMemory<byte> code) =>
        call.Call.Method == CreateExternal
            ? EthPayload.TryUnwrap(call.Call.Params, out code)
            : EthPayload.TryReadField(call.Call.Params, count: 2, at: 0, out code);

    // Code, input, caller, value.
    private static bool TryReadDelegateInput(IpldBlock? block, out ReadOnlyMemory<byte> input) =>
        EthPayload.TryReadField(block, count: 4, at: 1, out input);

    // Actor ID, robust address or null, Ethereum address.
    private static bool TryReadCreatedAddress(IpldBlock? block, [NotNullWhen(true)] out EthAddress? address)
    {
        address = EthPayload.TryReadField(block, count: 3, at: 2, out ReadOnlyMemory<byte> bytes) && bytes.Length == EthAddress.Length
            ? new EthAddress(bytes.Span)
            : null;
        return address is not null;
    }

    // ID address, robust address.
    private static bool TryReadCreatedId(IpldBlock? block, out ActorId id)
    {
        id = default;
        return EthPayload.TryReadField(block, count: 2, at: 0, out ReadOnlyMemory<byte> bytes)
            && Address.TryFromBytes(bytes.Span, out Address address)
            && address.TryGetId(out id);
    }

    private sealed record Caller(EthAddress Address, bool IsContract)
    {
        /// <summary>The contract that was asked for its code last.</summary>
        public EthAddress? CodeOwner { get; set; }

        /// <summary>For the outermost call: gas before it.</summary>
        public ulong GasBefore { get; init; }

        /// <summary>For the outermost call: gas of the whole message.</summary>
        public Gas? TotalGas { get; init; }

        public ulong OwnGasOf(CallNode call) => GasBefore + call.OwnGasRounded;

        public ulong TotalGasOf(CallNode call) => (TotalGas ?? call.TotalGas).RoundUp();
    }
}
