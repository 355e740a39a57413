using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Fvm.Cli;

/// <summary>Descriptions of parse errors: the library's own, except where they name .NET types.</summary>
internal static class ParseErrorText
{
    /// <summary>All errors on one line, without duplicates, with a pointer to the help.</summary>
    public static string Of(ParseResult parsed)
    {
        IEnumerable<string> texts = parsed.Errors.Select(Of).Select(static text => text.TrimEnd('.')).Distinct();
        return $"{string.Join("; ", texts)} ('{PathOf(parsed.CommandResult)} --help' shows the usage)";
    }

    private static string Of(ParseError error) => !error.Message.Contains("System.", StringComparison.Ordinal)
        ? error.Message
        : error.SymbolResult switch
        {
            OptionResult option => $"{option.Option.Name}: {Found(option)} is not {Kind(option.Option.ValueType)}",
            ArgumentResult { Parent: OptionResult option } => $"{option.Option.Name}: {Found(option)} is not {Kind(option.Option.ValueType)}",
            ArgumentResult argument => $"{argument.Argument.Name}: {Found(argument)} is not {Kind(argument.Argument.ValueType)}",
            _ => "an argument is of the wrong type",
        };

    private static string Found(SymbolResult result) => $"'{string.Join(' ', result.Tokens.Select(static token => token.Value))}'";

    private static string Kind(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Byte => Range(byte.MinValue, byte.MaxValue),
        TypeCode.UInt16 => Range(ushort.MinValue, ushort.MaxValue),
        TypeCode.UInt32 => Range(uint.MinValue, uint.MaxValue),
        TypeCode.UInt64 => Range(ulong.MinValue, ulong.MaxValue),
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Boolean => "true or false",
        TypeCode.Object when type == typeof(uint[]) => $"a list, each element {Range(uint.MinValue, uint.MaxValue)}",
        _ => "a valid value",
    };

    private static string Range(IFormattable least, IFormattable most) =>
        $"a whole number from {least.ToString(null, CultureInfo.InvariantCulture)} to {most.ToString(null, CultureInfo.InvariantCulture)}";

    private static string PathOf(CommandResult? command)
    {
        string path = string.Empty;
        for (; command is not null; command = command.Parent as CommandResult)
        {
            path = path.Length == 0 ? command.Command.Name : $"{command.Command.Name} {path}";
        }

        return path;
    }
}
