using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>actor</c>.</summary>
internal static class ActorSyscalls
{
    private const int ActorAddressLength = 21;

    /// <summary>resolve_address(address offset, address length) → actor id</summary>
    public static Outcome ResolveAddress(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadAddress(0, out Address address);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.ResolveAddress(address, out ActorId id);
        return outcome.IsOk ? frame.Return(id.Value) : outcome;
    }

    /// <summary>lookup_delegated_address(actor id, buffer offset, buffer length) → length, 0 for none</summary>
    public static Outcome LookupDelegatedAddress(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(1, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.LookupDelegatedAddress(new ActorId(frame.U64(0)), out Address? address);
        if (!outcome.IsOk) return outcome;

        return address is Address found ? WriteAddress(ref frame, found, buffer) : frame.Return(0u);
    }

    /// <summary>get_actor_code_cid(actor id, cid offset, cid length) → length</summary>
    public static Outcome GetActorCodeCid(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(1, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.GetActorCodeCid(new ActorId(frame.U64(0)), out Cid code);
        return outcome.IsOk ? frame.WriteCid(code, buffer) : outcome;
    }

    /// <summary>next_actor_address(buffer offset, buffer length) → length</summary>
    public static Outcome NextActorAddress(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(0, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        return buffer.Length < ActorAddressLength
            ? Outcome.Error(ErrorNumber.BufferTooSmall, "output buffer must have a minimum capacity of 21 bytes")
            : WriteAddress(ref frame, frame.Kernel.NextActorAddress(), buffer);
    }

    /// <summary>new_actor_address(buffer offset, buffer length) → length, before NV18</summary>
    public static Outcome NewActorAddress(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(0, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        if (buffer.Length < ActorAddressLength)
        {
            return Outcome.Error(ErrorNumber.BufferTooSmall, "output buffer must have a minimum capacity of 21 bytes");
        }

        outcome = frame.Kernel.NewActorAddress(out Address address);
        return outcome.IsOk ? WriteAddress(ref frame, address, buffer) : outcome;
    }

    /// <summary>create_actor(actor id, code cid offset), before NV18</summary>
    public static Outcome CreateBuiltinActor(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadCid(1, out Cid code);
        return outcome.IsOk ? frame.Kernel.CreateBuiltinActor(code, new ActorId(frame.U64(0))) : outcome;
    }

    /// <summary>create_actor(actor id, code cid offset, delegated address offset, delegated address length)</summary>
    public static Outcome CreateActor(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadCid(1, out Cid code);
        if (!outcome.IsOk) return outcome;

        Address? delegated = null;
        if (frame.U32(3) > 0)
        {
            outcome = frame.ReadAddress(2, out Address address);
            if (!outcome.IsOk) return outcome;

            delegated = address;
        }

        return frame.Kernel.CreateActor(code, new ActorId(frame.U64(0)), delegated);
    }

    /// <summary>get_builtin_actor_type(code cid offset) → type, 0 for none</summary>
    public static Outcome GetBuiltinActorType(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadCid(0, out Cid code);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.GetBuiltinActorType(code, out uint type);
        return outcome.IsOk ? frame.Return(type) : outcome;
    }

    /// <summary>get_code_cid_for_type(type, cid offset, cid length) → length</summary>
    public static Outcome GetCodeCidForType(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(1, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.GetCodeCidForType(frame.U32(0), out Cid code);
        return outcome.IsOk ? frame.WriteCid(code, buffer) : outcome;
    }

    /// <summary>balance_of(actor id) → 16 bytes</summary>
    public static Outcome BalanceOf(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Kernel.BalanceOf(new ActorId(frame.U64(0)), out TokenAmount balance);
        return outcome.IsOk ? frame.Return(balance) : outcome;
    }

    private static Outcome WriteAddress(ref SyscallFrame frame, in Address address, Span<byte> buffer)
    {
        byte[] bytes = address.ToBytes();
        if (bytes.Length > buffer.Length) return Outcome.Error(ErrorNumber.BufferTooSmall, "address output buffer is too small");

        bytes.CopyTo(buffer);
        return frame.Return((uint)bytes.Length);
    }
}
