using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace EdgeAutonomy.Host;

/// <summary>Offers the metrics to System.Diagnostics.Metrics (dotnet-counters and others), and sends them to an OTLP collector when one is named.</summary>
/// <remarks>A collector that is not there costs nothing but a failed request every <see cref="EverySeconds"/>.</remarks>
internal sealed class MetricExport : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "EdgeAutonomy";

    private const int EverySeconds = 10;

    private readonly Meter _meter = new(MeterName);
    private readonly MeterProvider? _provider;

    /// <summary>Starts to offer the metrics.</summary>
    /// <param name="metrics">What to offer.</param>
    /// <param name="robot">The instance that a collector sees.</param>
    /// <param name="otlp">The collector's OTLP/HTTP address; null = none. Without a path, /v1/metrics.</param>
    public MetricExport(IEnumerable<Metric> metrics, string robot, Uri? otlp)
    {
        foreach (var metric in metrics) Offer(metric);
        if (otlp is null) return;
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(r => r.AddService("edge", "EdgeAutonomy", serviceInstanceId: robot))
            .AddMeter(MeterName)
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = otlp.AbsolutePath == "/" ? new Uri(otlp, "/v1/metrics") : otlp;
                exporter.TimeoutMilliseconds = 500; // so that the last send cannot hold up the end of the process
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = EverySeconds * 1000;
            })
            .Build();
    }

    /// <summary>Sends what there is and ends.</summary>
    public void Dispose()
    {
        _provider?.Dispose();
        _meter.Dispose();
    }

    /// <summary>Sends what there is now. Returns false when the collector did not take it.</summary>
    public bool Flush(int timeoutMs) => _provider?.ForceFlush(timeoutMs) ?? true;

    private void Offer(Metric metric)
    {
        // The names of OpenTelemetry have points, and the unit stands beside them.
        string name = metric.Name.Replace('_', '.');
        if (metric.Kind == MetricKind.Counter) _meter.CreateObservableCounter(name, () => Read(metric), metric.Unit, metric.Help);
        else _meter.CreateObservableGauge(name, () => Read(metric), metric.Unit, metric.Help);
    }

    private static IEnumerable<Measurement<double>> Read(Metric metric) => metric.Read().Select(s =>
        new Measurement<double>(s.Value, (s.Labels ?? []).Select(l => new KeyValuePair<string, object?>(l.Name, l.Value))));
}
