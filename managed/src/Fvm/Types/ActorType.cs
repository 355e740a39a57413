namespace Fvm;

/// <summary>
/// The builtin actors in the manifest order of every bundle since v10: the actor types that actors see. Human-readable only: the machine
/// itself uses the manifest alone.
/// </summary>
public enum ActorType : uint
{
    /// <summary>Not a builtin actor.</summary>
    Unknown = 0,
    System = 1,
    Init = 2,
    Cron = 3,
    Account = 4,
    Power = 5,
    Miner = 6,
    Market = 7,
    PaymentChannel = 8,
    Multisig = 9,
    Reward = 10,
    VerifiedRegistry = 11,
    DataCap = 12,
    Placeholder = 13,
    Evm = 14,
    EthereumAddressManager = 15,
    EthereumAccount = 16,
}
