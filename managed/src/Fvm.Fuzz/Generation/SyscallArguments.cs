namespace Fvm.Fuzz;

/// <summary>What the arguments of syscalls mean, so that calls mostly get past their first check.</summary>
internal static class SyscallArguments
{
    /// <summary>
    /// One letter per parameter: <c>p</c>, <c>a</c>, <c>c</c>, <c>e</c> the offset of data, an address, a CID, an event's entries; <c>n</c> the
    /// length of what came before; <c>o</c>, <c>m</c> the offset and length of room for a result; <c>h</c> a handle; <c>d</c> a codec; <c>x</c> a
    /// hash function; <c>K</c>, <c>k</c>, <c>V</c>, <c>v</c> the keys and values of an event and their lengths; <c>i</c> an actor; <c>t</c> an
    /// epoch; <c>g</c> gas; <c>0</c> a flag or zero.
    /// </summary>
    public static string Of(SyscallRow row) => $"{row.Module}.{row.Name}" switch
    {
        "vm.exit" => "0hpn",
        "network.tipset_cid" => "tom",
        "ipld.block_open" => "c",
        "ipld.block_create" => "dpn",
        "ipld.block_read" => "hoom",
        "ipld.block_stat" => "h",
        "ipld.block_link" => "hxmom",
        "self.root" => "om",
        "self.set_root" => "c",
        "self.self_destruct" => "0",
        "actor.resolve_address" => "an",
        "actor.lookup_delegated_address" => "iom",
        "actor.get_actor_code_cid" => "iom",
        "actor.next_actor_address" => "om",
        "actor.create_actor" => "icpn",
        "actor.get_builtin_actor_type" => "c",
        "actor.get_code_cid_for_type" => "?om",
        "actor.balance_of" => "i",
        "crypto.hash" => "xpnom",
        "crypto.recover_secp_public_key" => "pp",
        "crypto.compute_unsealed_sector_cid" => "?pnom",
        "event.emit_event" when row.Parameters.Length == 6 => "enKkVv",
        "rand.get_chain_randomness" or "rand.get_beacon_randomness" => "t",
        "gas.charge" => "png",
        "send.send" when row.Parameters.Length == 8 => "an?h00g0",
        "debug.log" => "pn",
        "debug.store_artifact" => "pnpn",
        _ => string.Empty,
    };
}
