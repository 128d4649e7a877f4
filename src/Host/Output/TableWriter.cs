using System.Text;
using Spectre.Console;

namespace EdgeAutonomy.Host;

/// <summary>Draws a table: with boxes on a screen, as aligned text in a file or pipe.</summary>
public static class TableWriter
{
    /// <summary>Writes the table to standard output of the terminal.</summary>
    public static void Write(Terminal terminal, TableView view)
    {
        if (terminal.OutputIsScreen) terminal.OutputScreen().Write(Draw(view));
        else terminal.Output.Write(Text(view));
    }

    /// <summary>Returns the table as aligned text, one line per row, no escape codes and no trailing blanks.</summary>
    public static string Text(TableView view)
    {
        int[] widths = new int[view.Columns.Count];
        for (int c = 0; c < widths.Length; c++)
        {
            widths[c] = Heading(view.Columns[c]).Length;
            foreach (var row in view.Rows) widths[c] = Math.Max(widths[c], row[c].Length);
        }
        var text = new StringBuilder();
        if (view.Title.Length > 0) text.Append(view.Title).Append('\n');
        Line([.. view.Columns.Select(Heading)]);
        foreach (var row in view.Rows) Line(row);
        return text.ToString();

        void Line(IReadOnlyList<string> cells)
        {
            int start = text.Length;
            for (int c = 0; c < widths.Length; c++)
            {
                if (c > 0) text.Append("  ");
                text.Append(IsRight(view.Columns[c]) ? cells[c].PadLeft(widths[c]) : cells[c].PadRight(widths[c]));
            }
            while (text.Length > start && text[^1] == ' ') text.Length--;
            text.Append('\n');
        }
    }

    /// <summary>Makes the table that a screen shows.</summary>
    public static Table Draw(TableView view)
    {
        // No vertical lines: ten columns of numbers must fit a terminal of 80.
        var table = new Table { Border = TableBorder.Simple };
        if (view.Title.Length > 0) table.Title = new TableTitle(Markup.Escape(view.Title));
        foreach (string column in view.Columns)
        {
            // Numbers and the first column, a name, are useless when broken over two lines; texts may wrap.
            var drawn = new TableColumn(Markup.Escape(Heading(column))) { Padding = new Padding(0, 0, 1, 0), NoWrap = IsRight(column) || table.Columns.Count == 0 };
            table.AddColumn(IsRight(column) ? drawn.RightAligned() : drawn);
        }
        foreach (var row in view.Rows) table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }

    private static bool IsRight(string column) => column.StartsWith('>');

    private static string Heading(string column) => column.TrimStart('>');
}
