using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>What <c>edge train</c> and <c>edge eval</c> found.</summary>
/// <param name="Model">The model: its name when trained, its file when evaluated.</param>
/// <param name="Data">What it was tested on.</param>
/// <param name="Seed">The seed; 0 when nothing was random.</param>
/// <param name="Metric">The measure.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Files">The files that were written.</param>
internal record TrainResult(string Model, string Data, ulong Seed, MetricRow Metric, double Seconds, IReadOnlyList<string> Files);

/// <summary>A measure with its interval.</summary>
internal sealed record MetricRow(string Name, double Value, double Low, double High, long N)
{
    public static MetricRow Of(string name, Interval value) => new(name, value.Value, value.Low, value.High, value.N);
}
