using NUnit.Framework;
namespace Fvm.Architecture.Tests;
public sealed class Tmp {
 [Test] public void Print() { var g = SourceGraph.Read();
  foreach (var f in g.Folders) TestContext.Out.WriteLine("F " + f);
  foreach (var ((a,b),w) in g.Uses.OrderBy(u=>u.Key.From+">"+u.Key.To)) TestContext.Out.WriteLine($"{(g.Uses.ContainsKey((b,a))?"CIRCLE":"use")} {a} -> {b}: {w}");
 } }
