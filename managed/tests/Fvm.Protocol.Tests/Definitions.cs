using Google.Protobuf.Reflection;

namespace Fvm.Protocol.Tests;

/// <summary>The definitions of <c>proto/</c> with their comments, as described by protoc when the tests are built.</summary>
internal static class Definitions
{
    public static FileDescriptorSet Read() =>
        FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fvm.pb")));
}
