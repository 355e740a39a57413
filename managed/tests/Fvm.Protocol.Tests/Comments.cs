using Google.Protobuf.Reflection;

namespace Fvm.Protocol.Tests;

/// <summary>The comments of one file, by the path of what they stand above: field numbers and indices in the file's own description.</summary>
internal sealed class Comments
{
    private readonly Dictionary<string, string> _leading = [];

    public Comments(FileDescriptorProto file)
    {
        foreach (SourceCodeInfo.Types.Location place in file.SourceCodeInfo.Location)
        {
            _leading[Key(place.Path)] = place.LeadingComments.Trim();
        }
    }

    /// <summary>The comment above a definition; empty for none.</summary>
    public string Above(params int[] path) => _leading.GetValueOrDefault(Key(path), string.Empty);

    private static string Key(IEnumerable<int> path) => string.Join('.', path);
}
