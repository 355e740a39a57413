namespace Fvm.Tracing;

/// <summary>What an address is to a contract.</summary>
internal enum ContractKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A precompile.</summary>
    Precompile,

    /// <summary>A contract.</summary>
    Contract,

    /// <summary>An account or a placeholder.</summary>
    Account,

    /// <summary>Any other actor.</summary>
    Native,
}
