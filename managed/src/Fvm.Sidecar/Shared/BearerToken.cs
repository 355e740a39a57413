using System.Security.Cryptography;
using System.Text;
using Fvm.Crypto;

namespace Fvm.Sidecar;

/// <summary>A secret that callers present as <c>authorization: Bearer TOKEN</c>.</summary>
/// <param name="token">The secret.</param>
internal sealed class BearerToken(string token)
{
    /// <summary>A token that is shorter could be guessed.</summary>
    public const int MinLength = 16;

    private const string Scheme = "Bearer ";

    // Hashes have one length: comparing them tells nothing of the token's.
    private readonly byte[] _hash = Sha256.Hash(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether the value of an authorization header presents the token.</summary>
    public bool IsIn(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(_hash, Sha256.Hash(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())));
}
