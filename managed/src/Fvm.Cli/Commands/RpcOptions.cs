using System.CommandLine;
using System.Text;
using Fvm.Chain;
using Fvm.Files;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Options that name a node.</summary>
internal sealed class RpcOptions
{
    private const string UrlName = "--rpc";
    private const string TokenName = "--token-file";

    /// <summary>The variable in which Lotus's tools get a node's address and token.</summary>
    private const string Variable = "FULLNODE_API_INFO";

    private const int MaxTokenBytes = 64 << 10;

    public Option<string?> Url { get; } = new(UrlName)
    {
        Description = "A node of Lotus or Forest, by the URL of its JSON-RPC (http://HOST:PORT, path /rpc/v1 by default); "
            + $"{Variable} for what this variable names",
        HelpName = "URL",
    };

    public Option<string?> Token { get; } = new(TokenName)
    {
        Description = $"A file with the node's token [default: that of ${Variable} if it names the same node]",
        HelpName = "FILE",
    };

    public Option<string?> CacheFolder { get; } = new("--cache-dir")
    {
        Description = $"Where the node's blocks are kept; {CacheEnvironment.Off} for nowhere [default: ~/.cache/fvm-blocks]",
        HelpName = "DIR",
    };

    public Option<int> CacheSize { get; } = ReplayOptions.PositiveNumber("--cache-size", "The most MiB of them", 1024, most: 1 << 20);

    public IEnumerable<Option> All => [Url, Token, CacheFolder, CacheSize];

    /// <summary>Where blocks are kept that the node gave; null for nowhere.</summary>
    /// <exception cref="FileException">The folder cannot be used.</exception>
    public BlockFolder? OpenCache(ParseResult parsed)
    {
        string? folder = parsed.GetValue(CacheFolder) ?? CacheEnvironment.Beside("blocks");
        return folder is null or CacheEnvironment.Off ? null : BlockFolder.Open(folder, (long)parsed.GetValue(CacheSize) << 20);
    }

    /// <summary>The node that the options name; null if they name none.</summary>
    /// <exception cref="UsageException">The URL or the token is malformed.</exception>
    /// <exception cref="FileException">The token's file cannot be read.</exception>
    public RpcEndpoint? EndpointOf(ParseResult parsed)
    {
        string? tokenFile = parsed.GetValue(Token);
        if (parsed.GetValue(Url) is not string url)
        {
            return tokenFile is null ? null : throw new UsageException($"{TokenName} needs {UrlName}");
        }

        string? token = tokenFile is null ? null : Encoding.UTF8.GetString(InputFile.ReadAllBytes(tokenFile, MaxTokenBytes)).Trim();
        if (url == Variable)
        {
            RpcEndpoint named = FromVariable() ?? throw new UsageException($"{UrlName} {Variable}: the variable is not set");
            return token is null ? named : Parse(named.Address.ToString(), token);
        }

        RpcEndpoint endpoint = Parse(url, token);
        return token is null && FromVariable() is RpcEndpoint { Token: not null } other && other.Address.Authority == endpoint.Address.Authority
            ? Parse(url, other.Token)
            : endpoint;
    }

    private static RpcEndpoint? FromVariable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } info)
        {
            return null;
        }

        try
        {
            return RpcEndpoint.ParseInfo(info);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"${Variable}: {exception.Message}");
        }
    }

    private static RpcEndpoint Parse(string url, string? token)
    {
        try
        {
            return RpcEndpoint.Parse(url, token);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{UrlName}: {exception.Message}");
        }
    }
}
