using Microsoft.CodeAnalysis;

namespace Fvm.Architecture.Tests;

/// <summary>
/// The public types of the libraries that no other project needs: neither uses it, unless it is a friend that may use internal types too,
/// nor sees it in the public members of a type that it uses.
/// </summary>
internal static class PublicTypes
{
    public static IEnumerable<string> Unneeded(SourceGraph graph)
    {
        HashSet<INamedTypeSymbol> needed = new(SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol used in graph.SharedTypes)
        {
            Need(used, needed);
        }

        return graph.PublicTypes
            .Where(type => !needed.Contains(type))
            .Select(type => $"{graph.LibraryOf(type)}: {type.Name}")
            .Distinct()
            .Order(StringComparer.Ordinal);
    }

    // With all types that the compiler requires to be as visible as this one.
    private static void Need(ITypeSymbol? type, HashSet<INamedTypeSymbol> needed)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                Need(array.ElementType, needed);
                return;
            case IPointerTypeSymbol pointer:
                Need(pointer.PointedAtType, needed);
                return;
            case IFunctionPointerTypeSymbol function:
                NeedSignature(function.Signature, needed);
                return;
            case not INamedTypeSymbol:
                return;
        }

        INamedTypeSymbol named = (INamedTypeSymbol)type;
        foreach (ITypeSymbol argument in named.TypeArguments)
        {
            Need(argument, needed);
        }

        INamedTypeSymbol outermost = SourceGraph.Outermost(named)!;
        if (outermost.DeclaringSyntaxReferences.IsEmpty || !needed.Add(outermost)) return;
        NeedMembers(outermost, needed);
    }

    private static void NeedMembers(INamedTypeSymbol type, HashSet<INamedTypeSymbol> needed)
    {
        Need(type.BaseType, needed);
        foreach (INamedTypeSymbol contract in type.Interfaces.Where(static contract => contract.DeclaredAccessibility == Accessibility.Public))
        {
            Need(contract, needed);
        }

        NeedMembersOf(type.DelegateInvokeMethod, needed);
        foreach (ISymbol member in type.GetMembers().Where(static member => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected))
        {
            NeedMembersOf(member, needed);
        }
    }

    private static void NeedMembersOf(ISymbol? member, HashSet<INamedTypeSymbol> needed)
    {
        switch (member)
        {
            case IMethodSymbol method: NeedSignature(method, needed); break;
            case IPropertySymbol property: Need(property.Type, needed); break;
            case IFieldSymbol field: Need(field.Type, needed); break;
            case INamedTypeSymbol nested: NeedMembers(nested, needed); break;
        }
    }

    private static void NeedSignature(IMethodSymbol method, HashSet<INamedTypeSymbol> needed)
    {
        Need(method.ReturnType, needed);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            Need(parameter.Type, needed);
        }
    }
}
