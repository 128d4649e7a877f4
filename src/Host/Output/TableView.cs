namespace EdgeAutonomy.Host;

/// <summary>A table as data, before anybody decides how to draw it.</summary>
/// <param name="Title">One line above the table.</param>
/// <param name="Columns">Headings; a heading that starts with '>' is aligned to the right, for numbers.</param>
/// <param name="Rows">Cells, [row][column].</param>
public sealed record TableView(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
