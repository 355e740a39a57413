using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace Fvm.Protocol.Tests;

/// <summary>
/// The rules of an interface that is kept for years: those of buf's STANDARD category that apply here, and a comment on everything. Each fault is
/// the name of a definition with the rule that it breaks.
/// </summary>
internal sealed partial class Lint
{
    private const string Package = "fvm.v1";

    // Numbers of fields in descriptor.proto, of which the paths of comments consist.
    private const int Messages = 4;
    private const int Enums = 5;
    private const int Services = 6;
    private const int Fields = 2;
    private const int Values = 2;
    private const int Methods = 2;
    private const int Oneofs = 8;

    private readonly List<string> _faults = [];
    private readonly HashSet<string> _frames = [];

    private Lint()
    {
    }

    public static IReadOnlyList<string> Check(FileDescriptorSet set)
    {
        Lint lint = new();
        foreach (FileDescriptorProto file in set.File)
        {
            lint.Check(file);
        }

        return lint._faults;
    }

    private void Check(FileDescriptorProto file)
    {
        Comments comments = new(file);
        Require(file.Package == Package, file.Name, "is in package fvm.v1");
        bool isInPlace = file.Name.StartsWith("fvm/v1/", StringComparison.Ordinal) && Snake().IsMatch(Path.GetFileNameWithoutExtension(file.Name));
        Require(isInPlace, file.Name, "lies in the folder of its package, in lower case");
        Require(file.Syntax == "proto3", file.Name, "is proto3");
        bool hasNamespaces = file.Options?.CsharpNamespace == "Fvm.Protocol.V1" && file.Options.GoPackage == "fvm/v1;fvmv1";
        Require(hasNamespaces, file.Name, "has the namespaces of the others");
        Require(file.Extension.Count == 0, file.Name, "has no extensions");
        for (int i = 0; i < file.MessageType.Count; i++)
        {
            Check(file.MessageType[i], comments, i);
        }

        for (int i = 0; i < file.EnumType.Count; i++)
        {
            Check(file.EnumType[i], comments, i);
        }

        for (int i = 0; i < file.Service.Count; i++)
        {
            Check(file.Service[i], comments, i);
        }
    }

    private void Check(DescriptorProto message, Comments comments, int at)
    {
        Require(Pascal().IsMatch(message.Name), message.Name, "is in Pascal case");
        Require(IsSentence(comments.Above(Messages, at)), message.Name, "has a comment");
        Require(message.NestedType.Count == 0 && message.EnumType.Count == 0, message.Name, "declares no other type");
        for (int i = 0; i < message.Field.Count; i++)
        {
            FieldDescriptorProto field = message.Field[i];
            string name = $"{message.Name}.{field.Name}";
            Require(Snake().IsMatch(field.Name), name, "is in lower case");
            Require(IsSentence(comments.Above(Messages, at, Fields, i)), name, "has a comment");
            Require(field.Type != FieldDescriptorProto.Types.Type.Group, name, "is no group");
        }

        for (int i = 0; i < message.OneofDecl.Count; i++)
        {
            string name = message.OneofDecl[i].Name;

            // An optional field is a oneof of protoc's.
            bool isMade = name.StartsWith('_');
            Require(isMade || Snake().IsMatch(name), $"{message.Name}.{name}", "is in lower case");
            Require(isMade || IsSentence(comments.Above(Messages, at, Oneofs, i)), $"{message.Name}.{name}", "has a comment");
        }
    }

    private void Check(EnumDescriptorProto type, Comments comments, int at)
    {
        string prefix = Words().Replace(type.Name, "_").ToUpperInvariant() + "_";
        Require(Pascal().IsMatch(type.Name), type.Name, "is in Pascal case");
        Require(IsSentence(comments.Above(Enums, at)), type.Name, "has a comment");
        Require(type.Options?.AllowAlias != true, type.Name, "has no aliases");
        Require(type.Value[0].Number == 0 && type.Value[0].Name == prefix + "UNSPECIFIED", type.Name, "begins with UNSPECIFIED = 0");
        for (int i = 0; i < type.Value.Count; i++)
        {
            EnumValueDescriptorProto value = type.Value[i];
            bool hasPrefix = value.Name.StartsWith(prefix, StringComparison.Ordinal) && Upper().IsMatch(value.Name);
            Require(hasPrefix, value.Name, "has the type's name as prefix, in upper case");
            Require(IsSentence(comments.Above(Enums, at, Values, i)), value.Name, "has a comment");
        }
    }

    private void Check(ServiceDescriptorProto service, Comments comments, int at)
    {
        Require(Pascal().IsMatch(service.Name) && service.Name.EndsWith("Service", StringComparison.Ordinal), service.Name, "ends with Service");
        Require(IsSentence(comments.Above(Services, at)), service.Name, "has a comment");
        for (int i = 0; i < service.Method.Count; i++)
        {
            MethodDescriptorProto method = service.Method[i];
            string name = $"{service.Name}.{method.Name}";
            Require(Pascal().IsMatch(method.Name), name, "is in Pascal case");
            Require(IsSentence(comments.Above(Services, at, Methods, i)), name, "has a comment");
            Require(method.InputType == $".{Package}.{method.Name}Request", name, "takes a request of its name");
            Require(method.OutputType == $".{Package}.{method.Name}Response", name, "returns a response of its name");
            Require(_frames.Add(method.InputType) && _frames.Add(method.OutputType), name, "shares neither with another");
        }
    }

    private static bool IsSentence(string comment) => comment.EndsWith('.') && !char.IsLower(comment[0]);

    private void Require(bool holds, string name, string rule)
    {
        if (!holds)
        {
            _faults.Add($"{name}: {rule}");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex Snake();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$")]
    private static partial Regex Pascal();

    [GeneratedRegex("^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$")]
    private static partial Regex Upper();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Words();
}
