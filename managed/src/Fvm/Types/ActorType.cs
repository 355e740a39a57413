namespace Fvm;

/// <summary>
/// The builtin actors in the order of every manifest since bundle v10: the numbers that actors see as actor types.
/// The machine itself goes by the manifest alone; these names are for people.
/// </summary>
internal enum ActorType : uint
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
