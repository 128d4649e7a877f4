using System.Globalization;
using EdgeAutonomy.Learning;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Shows tables and curves of learning.</summary>
internal static class ExperimentView
{
    /// <summary>Returns a value with its interval.</summary>
    public static string Text(Interval value) => double.IsFinite(value.Low)
        ? string.Create(CultureInfo.InvariantCulture, $"{Number(value.Value)} [{Number(value.Low)}, {Number(value.High)}]")
        : Number(value.Value);

    /// <summary>Writes rows as a table.</summary>
    public static void Write(Terminal terminal, string title, IReadOnlyList<ExperimentRow> rows) => TableWriter.Write(terminal, new TableView(
        title,
        ["arm", "metric", ">value [95 % interval]", ">n", ">seeds", "note"],
        [.. rows.Select(r => (IReadOnlyList<string>)[r.Arm, r.Metric, Text(r.Value), r.Value.N.ToString(CultureInfo.InvariantCulture), r.Seeds.ToString(CultureInfo.InvariantCulture), r.Note])]));

    /// <summary>Draws curves that share their axes into one picture each, with their intervals as bands, and returns the files.</summary>
    /// <param name="path">The first picture; further ones get a number.</param>
    /// <param name="title">What they show.</param>
    /// <param name="curves">The curves.</param>
    public static IReadOnlyList<string> Draw(string path, string title, IReadOnlyList<ExperimentCurve> curves)
    {
        var files = new List<string>();
        foreach (var group in curves.GroupBy(c => (c.X, c.Y)))
        {
            string file = files.Count == 0 ? path : Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{files.Count + 1}{Path.GetExtension(path)}");
            File.WriteAllText(file, LinePlot.Draw(title, group.Key.X, group.Key.Y, [.. group.Select(c => new PlotSeries(c.Name, [.. c.Points.Select(p => p.X)], [.. c.Points.Select(p => p.Y.Value)]) { Band = [.. c.Points.Select(p => (p.Y.Low, p.Y.High))], HasMarks = c.HasMarks })]));
            files.Add(file);
        }
        return files;
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) switch { >= 1000 => "N0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.0000" }, CultureInfo.InvariantCulture);
}
