using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Actors.Tests;

/// <summary>Parameters as JSON, whose text comes from clients: what does not fit is refused by its place, and nothing else is thrown.</summary>
public sealed class ShapeEncoderTests
{
    private static readonly ActorMethod GetClaims = BuiltinActors.Table.MethodsOf("verifiedregistry", BuiltinActors.LastVersion)
        .First(static method => method.Name == "GetClaims");

    [TestCase("""{"provider":1000,"claim_ids":[1,2]}""")]
    [TestCase("""{"Provider":"f01000","ClaimIds":["1",2]}""")]
    [TestCase("""["t01000",[1,2]]""")]
    public void The_forms_of_parameters_have_the_same_bytes(string json) =>
        Assert.That(Convert.ToHexString(Encode(json)), Is.EqualTo("821903E8820102"));

    [TestCase("""{"provider":-1,"claim_ids":[]}""", "provider of GetClaimsParams: expected an unsigned integer of 64 bits")]
    [TestCase("""{"provider":18446744073709551616,"claim_ids":[]}""", "provider of GetClaimsParams: expected an unsigned integer of 64 bits")]
    [TestCase("""{"provider":1.5,"claim_ids":[]}""", "provider of GetClaimsParams: expected an integer")]
    [TestCase("""{"provider":"f410f","claim_ids":[]}""", "provider of GetClaimsParams: expected an integer")]
    [TestCase("""{"provider":1,"claim_ids":[-1]}""", "an item of claim_ids of GetClaimsParams: expected an unsigned integer of 64 bits")]
    [TestCase("""{"provider":1}""", "claim_ids of GetClaimsParams: expected a list")]
    [TestCase("""{"provider":1,"claim_ids":[],"more":1}""", "the parameters: expected no more, but provider, claim_ids")]
    [TestCase("[1]", "the parameters: expected an object with provider, claim_ids")]
    [TestCase("null", "the parameters: expected an object with provider, claim_ids")]
    public void What_does_not_fit_is_refused_by_its_place(string json, string problem) =>
        Assert.That(() => Encode(json), Throws.InstanceOf<FormatException>().With.Message.EqualTo(problem));

    private static byte[] Encode(string json) => GetClaims.EncodeParameters(JsonElement.Parse(json));
}
