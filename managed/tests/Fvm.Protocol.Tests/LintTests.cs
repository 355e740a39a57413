using Google.Protobuf.Reflection;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Fvm.Protocol.Tests;

public sealed class LintTests
{
    [Test]
    public void The_definitions_keep_the_rules()
    {
        FileDescriptorSet set = Definitions.Read();

        Assert.That(set.File.Sum(static file => file.MessageType.Count), Is.GreaterThan(50), "they are found");
        Assert.That(Lint.Check(set), Is.Empty);
    }

    [TestCaseSource(nameof(Faults))]
    public void What_breaks_a_rule_is_found(string fault, Action<FileDescriptorProto> breakIt)
    {
        FileDescriptorSet set = Definitions.Read();
        breakIt(set.File.Single(static file => file.Name == "fvm/v1/session.proto"));

        Assert.That(Lint.Check(set), Has.Member(fault));
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("fvm/v1/session.proto: is in package fvm.v1", static file => file.Package = "fvm.v2");
        yield return Fault("fvm/session.proto: lies in the folder of its package, in lower case", static file => file.Name = "fvm/session.proto");
        yield return Fault("fvm/v1/session.proto: is proto3", static file => file.Syntax = "proto2");
        yield return Fault("fvm/v1/session.proto: has the namespaces of the others", static file => file.Options.GoPackage = "other");
        yield return Fault("fvm/v1/session.proto: has no extensions", static file => file.Extension.Add(new FieldDescriptorProto()));
        yield return Fault("openSession: is in Pascal case", static file => Message(file).Name = "openSession");
        yield return Fault("OpenSession: has a comment", static file => Uncomment(file, 4, IndexOf(file)));
        yield return Fault("OpenSession: declares no other type", static file => Message(file).NestedType.Add(new DescriptorProto()));
        yield return Fault("OpenSession.Client: is in lower case", static file => Message(file).Field[0].Name = "Client");
        yield return Fault("OpenSession.client: has a comment", static file => Uncomment(file, 4, IndexOf(file), 2, 0));
        yield return Fault("OpenSession.client: is no group", static file => Message(file).Field[0].Type = Type.Group);
        yield return Fault("SessionRequest.Frame: is in lower case", static file => file.MessageType[0].OneofDecl[0].Name = "Frame");
        yield return Fault("SessionRequest.frame: has a comment", static file => Uncomment(file, 4, 0, 8, 0));
        yield return Fault("priority: is in Pascal case", static file => file.EnumType[0].Name = "priority");
        yield return Fault("Priority: has a comment", static file => Uncomment(file, 5, 0));
        yield return Fault("Priority: has no aliases", static file => file.EnumType[0].Options = new EnumOptions { AllowAlias = true });
        yield return Fault("Priority: begins with UNSPECIFIED = 0", static file => file.EnumType[0].Value.RemoveAt(0));
        yield return Fault("LOW: has the type's name as prefix, in upper case", static file => file.EnumType[0].Value[1].Name = "LOW");
        yield return Fault("PRIORITY_LOW: has a comment", static file => Uncomment(file, 5, 0, 2, 1));
        yield return Fault("Sessions: ends with Service", static file => file.Service[0].Name = "Sessions");
        yield return Fault("SessionService: has a comment", static file => Uncomment(file, 6, 0));
        yield return Fault("SessionService.session: is in Pascal case", static file => file.Service[0].Method[0].Name = "session");
        yield return Fault("SessionService.Session: has a comment", static file => Uncomment(file, 6, 0, 2, 0));
        yield return Fault(
            "SessionService.Session: takes a request of its name", static file => file.Service[0].Method[0].InputType = ".fvm.v1.OpenSession");
        yield return Fault(
            "SessionService.Session: returns a response of its name", static file => file.Service[0].Method[0].OutputType = ".fvm.v1.OpenSession");
        yield return Fault("SessionService.Session: shares neither with another", static file => file.Service.Add(file.Service[0].Clone()));
    }

    private static TestCaseData Fault(string fault, Action<FileDescriptorProto> breakIt) =>
        new TestCaseData(fault, breakIt).SetArgDisplayNames(fault.Replace('.', '_'));

    private static int IndexOf(FileDescriptorProto file)
    {
        int at = 0;
        while (file.MessageType[at].Name != "OpenSession")
        {
            at++;
        }

        return at;
    }

    private static DescriptorProto Message(FileDescriptorProto file) => file.MessageType[IndexOf(file)];

    private static void Uncomment(FileDescriptorProto file, params int[] path) =>
        file.SourceCodeInfo.Location.Single(place => place.Path.SequenceEqual(path)).ClearLeadingComments();
}
