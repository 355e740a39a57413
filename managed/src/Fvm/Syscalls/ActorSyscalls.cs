using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>actor</c>.</summary>
internal static class ActorSyscalls
{
    private const int ActorAddressLength = 21;

    /// <summary>resolve_address(address offset, address length) → actor id</summary>
    public static Outcome ResolveAddress(ref SyscallFrame frame)
    {
        if (!frame.TryReadAddress(0, out Address address)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.ResolveAddress(address, out ActorId id))) return frame.Refusal;

        return frame.Return(id.Value);
    }

    /// <summary>lookup_delegated_address(actor id, buffer offset, buffer length) → length, 0 for none</summary>
    public static Outcome LookupDelegatedAddress(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(1, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.LookupDelegatedAddress(new ActorId(frame.U64(0)), out Address? address))) return frame.Refusal;

        return address is Address found ? WriteAddress(ref frame, found, buffer) : frame.Return(0u);
    }

    /// <summary>get_actor_code_cid(actor id, cid offset, cid length) → length</summary>
    public static Outcome GetActorCodeCid(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(1, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.GetActorCodeCid(new ActorId(frame.U64(0)), out Cid code))) return frame.Refusal;

        return frame.WriteCid(code, buffer);
    }

    /// <summary>next_actor_address(buffer offset, buffer length) → length</summary>
    public static Outcome NextActorAddress(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(0, out Span<byte> buffer)) return frame.Refusal;

        return buffer.Length < ActorAddressLength
            ? Outcome.Error(ErrorNumber.BufferTooSmall, "output buffer must have a minimum capacity of 21 bytes")
            : WriteAddress(ref frame, frame.Kernel.NextActorAddress(), buffer);
    }

    /// <summary>new_actor_address(buffer offset, buffer length) → length, before NV18</summary>
    public static Outcome NewActorAddress(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(0, out Span<byte> buffer)) return frame.Refusal;

        if (buffer.Length < ActorAddressLength)
        {
            return Outcome.Error(ErrorNumber.BufferTooSmall, "output buffer must have a minimum capacity of 21 bytes");
        }

        if (!frame.Passed(frame.Kernel.NewActorAddress(out Address address))) return frame.Refusal;

        return WriteAddress(ref frame, address, buffer);
    }

    /// <summary>create_actor(actor id, code cid offset), before NV18</summary>
    public static Outcome CreateBuiltinActor(ref SyscallFrame frame)
    {
        if (!frame.TryReadCid(1, out Cid code)) return frame.Refusal;

        return frame.Kernel.CreateBuiltinActor(code, new ActorId(frame.U64(0)));
    }

    /// <summary>create_actor(actor id, code cid offset, delegated address offset, delegated address length)</summary>
    public static Outcome CreateActor(ref SyscallFrame frame)
    {
        if (!frame.TryReadCid(1, out Cid code)) return frame.Refusal;

        Address? delegated = null;
        if (frame.U32(3) > 0)
        {
            if (!frame.TryReadAddress(2, out Address address)) return frame.Refusal;

            delegated = address;
        }

        return frame.Kernel.CreateActor(code, new ActorId(frame.U64(0)), delegated);
    }

    /// <summary>get_builtin_actor_type(code cid offset) → type, 0 for none</summary>
    public static Outcome GetBuiltinActorType(ref SyscallFrame frame)
    {
        if (!frame.TryReadCid(0, out Cid code)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.GetBuiltinActorType(code, out uint type))) return frame.Refusal;

        return frame.Return(type);
    }

    /// <summary>get_code_cid_for_type(type, cid offset, cid length) → length</summary>
    public static Outcome GetCodeCidForType(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(1, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.GetCodeCidForType(frame.U32(0), out Cid code))) return frame.Refusal;

        return frame.WriteCid(code, buffer);
    }

    /// <summary>balance_of(actor id) → 16 bytes</summary>
    public static Outcome BalanceOf(ref SyscallFrame frame)
    {
        if (!frame.Passed(frame.Kernel.BalanceOf(new ActorId(frame.U64(0)), out TokenAmount balance))) return frame.Refusal;

        return frame.Return(balance);
    }

    private static Outcome WriteAddress(ref SyscallFrame frame, in Address address, Span<byte> buffer)
    {
        byte[] bytes = address.ToBytes();
        if (bytes.Length > buffer.Length) return Outcome.Error(ErrorNumber.BufferTooSmall, "address output buffer is too small");

        bytes.CopyTo(buffer);
        return frame.Return((uint)bytes.Length);
    }
}
