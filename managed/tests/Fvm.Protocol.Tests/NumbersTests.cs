using Google.Protobuf.Reflection;

namespace Fvm.Protocol.Tests;

/// <summary>
/// Compares the definitions with <c>proto/fvm/v1/numbers.txt</c>, which lists every number ever published. A line may be added, never changed or
/// removed: what a definition loses must be reserved in it.
/// </summary>
public sealed class NumbersTests
{
    private static string ListPath => Repository.PathOf("proto", "fvm", "v1", "numbers.txt");

    [Test]
    public void Every_number_is_listed()
    {
        string made = Path.Combine(AppContext.BaseDirectory, "numbers.txt");
        string[] missing = [.. Numbers(Definitions.Read()).Except(File.ReadAllLines(ListPath))];
        File.WriteAllLines(made, File.ReadAllLines(ListPath).Union(Numbers(Definitions.Read())).Order(StringComparer.Ordinal));

        Assert.That(missing, Is.Empty, $"append them to numbers.txt; {made} has them");
    }

    [Test]
    public void What_was_published_is_still_there_or_reserved() =>
        Assert.That(Lost(File.ReadAllLines(ListPath), Definitions.Read()), Is.Empty);

    [Test]
    public void A_number_that_is_changed_or_given_up_is_found()
    {
        FileDescriptorSet set = Definitions.Read();
        string[] listed = Numbers(set);
        FileDescriptorProto file = set.File.Single(static file => file.Name == "fvm/v1/session.proto");
        DescriptorProto message = file.MessageType.Single(static message => message.Name == "OpenSession");
        message.Field[0].Type = FieldDescriptorProto.Types.Type.Bytes;
        message.Field.RemoveAt(2);
        file.EnumType[0].Value[1].Name = "PRIORITY_OTHER";
        file.EnumType[0].Value.RemoveAt(2);
        file.Service[0].Method[0].ServerStreaming = false;

        Assert.That(Lost(listed, set), Is.EquivalentTo(new[]
        {
            "OpenSession 1 client string", "OpenSession 3 priority fvm.v1.Priority", "Priority 1 PRIORITY_LOW", "Priority 2 PRIORITY_NORMAL",
            "SessionService Session stream fvm.v1.SessionRequest -> stream fvm.v1.SessionResponse",
        }));
        message.ReservedRange.Add(new DescriptorProto.Types.ReservedRange { Start = 3, End = 4 });
        file.EnumType[0].ReservedRange.Add(new EnumDescriptorProto.Types.EnumReservedRange { Start = 2, End = 2 });
        Assert.That(Lost(listed, set), Has.Length.EqualTo(3), "reserved numbers are not lost");
    }

    private static string[] Lost(string[] listed, FileDescriptorSet set)
    {
        HashSet<string> reserved = [];
        foreach (DescriptorProto message in set.File.SelectMany(static file => file.MessageType))
        {
            reserved.UnionWith(message.ReservedRange.SelectMany(
                range => Enumerable.Range(range.Start, range.End - range.Start), (_, number) => $"{message.Name} {number}"));
        }

        foreach (EnumDescriptorProto type in set.File.SelectMany(static file => file.EnumType))
        {
            reserved.UnionWith(type.ReservedRange.SelectMany(
                range => Enumerable.Range(range.Start, range.End - range.Start + 1), (_, number) => $"{type.Name} {number}"));
        }

        return [.. listed.Except(Numbers(set)).Where(line => !reserved.Contains(string.Join(' ', line.Split(' ')[..2])))];
    }

    private static string[] Numbers(FileDescriptorSet set)
    {
        List<string> lines = [];
        foreach (FileDescriptorProto file in set.File)
        {
            foreach (DescriptorProto message in file.MessageType)
            {
                lines.AddRange(message.Field.Select(field => $"{message.Name} {field.Number} {field.Name} {TypeOf(field)}"));
            }

            foreach (EnumDescriptorProto type in file.EnumType)
            {
                lines.AddRange(type.Value.Select(value => $"{type.Name} {value.Number} {value.Name}"));
            }

            foreach (ServiceDescriptorProto service in file.Service)
            {
                lines.AddRange(service.Method.Select(method => $"{service.Name} {method.Name} {Frame(method.ClientStreaming, method.InputType)} -> "
                    + Frame(method.ServerStreaming, method.OutputType)));
            }
        }

        return [.. lines];
    }

    private static string Frame(bool streams, string type) => (streams ? "stream " : string.Empty) + type.TrimStart('.');

    private static string TypeOf(FieldDescriptorProto field)
    {
        string form = field.Label == FieldDescriptorProto.Types.Label.Repeated ? "repeated " : field.Proto3Optional ? "optional " : string.Empty;
        string oneof = field.HasOneofIndex && !field.Proto3Optional ? " in a oneof" : string.Empty;
        return form + (field.TypeName.Length > 0 ? field.TypeName.TrimStart('.') : field.Type.ToString().ToLowerInvariant()) + oneof;
    }
}
