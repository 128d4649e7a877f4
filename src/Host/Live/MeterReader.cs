using System.Collections.ObjectModel;
using System.Diagnostics.Metrics;

namespace EdgeAutonomy.Host;

/// <summary>Reads the instruments of one meter, so that what a library counts stands on /metrics beside the loops' figures.</summary>
/// <remarks>Instruments made after this are not seen. Counters and histograms are summed here from the moment it is made; a histogram shows as sum and count. Any thread.</remarks>
internal sealed class MeterReader : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<Instrument, SortedDictionary<string, Series>> _series = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="meter">The meter; its instruments exist already.</param>
    public MeterReader(Meter meter)
    {
        var metrics = new List<Metric>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter)) return;
            lock (_gate) _series[instrument] = new SortedDictionary<string, Series>(StringComparer.Ordinal);
            metrics.Add(Offer(instrument));
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        Metrics = new ReadOnlyCollection<Metric>([.. metrics.OrderBy(m => m.Name, StringComparer.Ordinal)]);
    }

    /// <summary>Gets the metrics.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private Metric Offer(Instrument instrument)
    {
        string name = "edge_" + instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        var kind = instrument switch
        {
            Counter<long> or Counter<int> or Counter<double> => MetricKind.Counter,
            Histogram<double> or Histogram<long> => MetricKind.Summary,
            _ => MetricKind.Gauge,
        };
        return new Metric(name, instrument.Description ?? "", kind, instrument.Unit ?? "", () => Read(instrument, kind));
    }

    private MetricSample[] Read(Instrument instrument, MetricKind kind)
    {
        lock (_gate)
        {
            var series = _series[instrument];
            if (instrument.IsObservable)
            {
                // What is not reported any more is gone.
                series.Clear();
                _listener.RecordObservableInstruments();
            }
            return kind == MetricKind.Summary
                ? [.. series.Values.SelectMany(s => (MetricSample[])[new(s.Sum, [.. s.Labels, ("part", "sum")]), new(s.Count, [.. s.Labels, ("part", "count")])])]
                : [.. series.Values.Select(s => new MetricSample(s.Sum, s.Labels))];
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new (string, string)[tags.Length];
        for (int i = 0; i < tags.Length; i++) labels[i] = (tags[i].Key, tags[i].Value?.ToString() ?? "");
        string key = string.Join('\0', labels.Select(l => $"{l.Item1}\0{l.Item2}"));
        lock (_gate)
        {
            var series = _series[instrument];
            if (!series.TryGetValue(key, out var one)) series[key] = one = new Series(labels);
            // A gauge is what was reported last, everything else adds up.
            one.Sum = instrument.IsObservable ? value : one.Sum + value;
            one.Count++;
        }
    }

    private sealed class Series((string Name, string Value)[] labels)
    {
        public (string Name, string Value)[] Labels { get; } = labels;

        public double Sum { get; set; }

        public long Count { get; set; }
    }
}
