using Spectre.Console;

namespace Fvm.Cli;

/// <summary>The table style of all commands.</summary>
internal static class Tables
{
    private const int Width = 140;

    public static Table New(string? title, params string[] heads)
    {
        Table table = new() { Title = title is null ? null : new TableTitle(title), Border = TableBorder.Minimal };
        foreach (string head in heads)
        {
            table.AddColumn(new TableColumn(head) { NoWrap = true });
        }

        return table;
    }

    /// <summary>Removes the padding between columns.</summary>
    public static void Narrow(Table table)
    {
        foreach (TableColumn column in table.Columns)
        {
            column.Padding = new Padding(1, 0, 0, 0);
        }
    }

    // Also in a file or pipe, lines are as wide as the table.
    public static void Write(TextWriter output, Table table)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = Math.Max(console.Profile.Width, Width);
        console.Write(table);
    }
}
