namespace EdgeAutonomy.Learning;

/// <summary>Collects what arms gave over seeds, and makes rows and curves of it in the order in which arms first came.</summary>
internal sealed class SeedTable
{
    private readonly List<(string Arm, string Metric, string Note, List<double> Values)> _rows = [];
    private readonly List<(string Arm, string X, string Y, SortedDictionary<double, List<double>> Points)> _curves = [];

    /// <summary>Adds one seed's value; the note of the first one stays.</summary>
    public void Add(string arm, string metric, double value, string note = "")
    {
        int i = _rows.FindIndex(r => r.Arm == arm && r.Metric == metric);
        if (i < 0) _rows.Add((arm, metric, note, [value]));
        else _rows[i].Values.Add(value);
    }

    /// <summary>Adds one seed's value at a place of a curve.</summary>
    public void AddPoint(string arm, string x, string y, double at, double value)
    {
        var curve = _curves.Find(c => c.Arm == arm && c.X == x && c.Y == y).Points;
        if (curve is null) _curves.Add((arm, x, y, curve = []));
        if (!curve.TryGetValue(at, out var values)) curve.Add(at, values = []);
        values.Add(value);
    }

    /// <summary>Adds the difference of two arms, seed by seed: seeds share task and data, so what they have in common cancels.</summary>
    public void AddDifference(string better, string worse, string metric)
    {
        List<double> a = Values(better, metric), b = Values(worse, metric);
        for (int i = 0; i < a.Count; i++) Add($"{better} - {worse}", metric, a[i] - b[i], "difference, seed by seed");
    }

    /// <summary>Returns an arm's interval.</summary>
    public Interval Of(string arm, string metric) => Interval.OfMean(Values(arm, metric).ToArray());

    /// <summary>Tells whether the whole interval of one arm lies above that of another; never with one seed.</summary>
    public bool IsAbove(string better, string worse, string metric) => Of(better, metric).Low > Of(worse, metric).High;

    /// <summary>Returns the table.</summary>
    public IReadOnlyList<ExperimentRow> Rows() => _rows.Select(r => new ExperimentRow(r.Arm, r.Metric, Interval.OfMean(r.Values.ToArray()), r.Values.Count, r.Note)).ToArray();

    /// <summary>Returns the curves.</summary>
    public IReadOnlyList<ExperimentCurve> Curves() => _curves.Select(c => new ExperimentCurve(c.Arm, c.X, c.Y, c.Points.Select(p => (p.Key, Interval.OfMean(p.Value.ToArray()))).ToArray())).ToArray();

    private List<double> Values(string arm, string metric) => _rows.Find(r => r.Arm == arm && r.Metric == metric).Values ?? throw new InvalidOperationException($"Bug in EdgeAutonomy.Learning: no values of '{arm}', {metric}.");
}
