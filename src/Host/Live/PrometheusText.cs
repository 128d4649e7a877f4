using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Host;

/// <summary>Writes metrics in the Prometheus text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>The media type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Returns the text: for each metric HELP, TYPE and a line per value. A metric without a value is left out.</summary>
    public static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder(8192);
        foreach (var metric in metrics)
        {
            var samples = metric.Read().ToArray();
            if (samples.Length == 0) continue;
            string name = metric.Kind == MetricKind.Counter ? metric.Name + "_total" : metric.Name;
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(metric.Help, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(metric.Kind.ToString().ToLowerInvariant()).Append('\n');
            foreach (var sample in samples) Line(text, name, sample);
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, MetricSample sample)
    {
        text.Append(name);
        var labels = sample.Labels ?? [];
        if (labels.FirstOrDefault(l => l.Name == "part").Value is { } part) text.Append('_').Append(part);
        var shown = labels.Where(l => l.Name != "part").ToArray();
        for (int i = 0; i < shown.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(shown[i].Name).Append("=\"").Append(Escape(shown[i].Value, quotes: true)).Append('"');
        if (shown.Length > 0) text.Append('}');
        text.Append(' ').Append(Number(sample.Value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture), // NaN reads "NaN" in both
    };

    private static string Escape(string text, bool quotes)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
