namespace Fvm.Chain;

/// <summary>A call of a method.</summary>
/// <param name="Id">Its number, which its answer has.</param>
/// <param name="Method">The method.</param>
/// <param name="Parameters">The parameters: a JSON array.</param>
internal readonly record struct RpcCall(long Id, string Method, string Parameters)
{
    /// <summary>The request in JSON.</summary>
    public override string ToString() => $$"""{"jsonrpc":"2.0","id":{{Id}},"method":"{{Method}}","params":{{Parameters}}}""";
}
