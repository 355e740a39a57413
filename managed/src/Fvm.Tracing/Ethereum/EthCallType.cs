namespace Fvm.Tracing;

/// <summary>What the EVM would have called it.</summary>
public enum EthCallType
{
    Call,
    StaticCall,
    DelegateCall,
    Create,
    Create2,
}
