using NUnit.Framework;

namespace Fvm.Actors.Tests;

public sealed class SchemaParserTests
{
    private static readonly Dictionary<string, TupleShape> None = [];

    [TestCase("actor a v8-\nmethod 1 Constructor(Missing)", "the type Missing is used, but not defined")]
    [TestCase("actor a v8-\n  field uint", "line 2: a field without a struct")]
    [TestCase("actor a v8-\nstruct A\n  field unit", "line 3: an unknown type unit")]
    [TestCase("actor a v8-\nstruct A\n  field uint later", "line 3: expected versions")]
    [TestCase("actor a v8-\nstruct A\nstruct A", "line 3: the type A is defined twice")]
    [TestCase("actor a v8-\nstruct A\n  field [[[[[[[[[[[[[[[[[[uint", "nest deeper")]
    [TestCase("actor a v8-\nstruct A\n  field hamt<uint>", "line 3: expected ,")]
    [TestCase("method frc42:lower Lower()", "is not a method's name")]
    [TestCase("method 99999999999999999999 A()", "line 1")]
    [TestCase("anything else", "expected actor, state, method or struct")]
    public void Faults_are_told_with_their_line(string text, string reason) =>
        Assert.That(() => SchemaParser.Parse("file", text.Split('\n'), None), Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    [Test]
    public void Fields_have_versions()
    {
        string[] lines =
        [
            "actor a v8-", "state State", "", "# A comment.", "struct State", "  one  uint        v8", "  two  [text?]     v9-v11",
            "  all  kamt<u256, u256, 4>",
        ];
        ActorSchema actor = SchemaParser.Parse("file", lines, None);
        TupleShape state = (TupleShape)actor.StateOf(9)!;
        Assert.That(state.Fields.Select(static field => field.Versions.Contains(9)), Is.EqualTo((bool[])[false, true, true]));
        Assert.That(state.Fields[1].Shape, Is.EqualTo(new ListShape(new OptionalShape(new PrimitiveShape(Primitive.Text)))));
        Assert.That(state.Fields[2].Shape, Is.EqualTo(new TrieShape(TrieKind.Kamt, Primitive.U256, new PrimitiveShape(Primitive.U256), 4)));
        Assert.That(actor.StateOf(7), Is.Null);
    }
}
