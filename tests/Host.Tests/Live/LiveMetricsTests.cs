using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAutonomy.Host.Tests;

public class LiveMetricsTests
{
    [Fact]
    public async Task Get_Metrics_ParseAndAgreeWithTheLoop()
    {
        using var loop = new RunningLoop();
        loop.Turn(50);
        var feed = new ScriptedFeed([loop.Loop]);
        feed.Publish(3);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, feed.Relay);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var answer = await http.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var families = PrometheusParser.Parse(await answer.Content.ReadAsStringAsync());
        var s = loop.Loop.Statistics;

        Assert.Equal("counter", families["edge_cycles_total"].Type);
        var cycles = Assert.Single(families["edge_cycles_total"].Samples);
        Assert.Equal(50, cycles.Value);
        Assert.Equal("avoid", cycles.Labels["loop"]);
        Assert.Equal(s.EnergyJoules, families["edge_energy_joules_total"].Samples[0].Value);
        Assert.Equal(s.Items, families["edge_events_total"].Samples[0].Value);
        Assert.Equal((int)s.Rung, families["edge_rung"].Samples[0].Value);
        Assert.Equal(loop.Loop.Grid[s.PeriodIndex].Nanoseconds * 1e-9, families["edge_period_seconds"].Samples[0].Value);
        Assert.Equal(42, families["edge_dropped_total"].Samples.Single(d => d.Labels["loop"] == "r2" && d.Labels["queue"] == "recorder").Value);

        var latency = families["edge_cycle_latency_seconds"];
        Assert.Equal("summary", latency.Type);
        Assert.Equal(50, latency.Samples.Single(l => l.Name.EndsWith("_count", StringComparison.Ordinal)).Value);
        // Relative 1e-9: the sum goes through the mean, two roundings of a double.
        Assert.Equal(s.EndToEnd.MeanNs * 50e-9, latency.Samples.Single(l => l.Name.EndsWith("_sum", StringComparison.Ordinal)).Value, s.EndToEnd.MeanNs * 50e-18);
        Assert.Equal(s.EndToEnd.MaxNs * 1e-9, latency.Samples.Single(l => l.Labels.GetValueOrDefault("quantile") == "1").Value);
        Assert.Equal(4 * (4 + 2), families["edge_stage_latency_seconds"].Samples.Count); // four stages; four quantiles, sum, count
        Assert.Equal(loop.Loop.StageNames, families["edge_stage_latency_seconds"].Samples.Select(x => x.Labels["stage"]).Distinct());
        Assert.True(families["process_resident_memory_bytes"].Samples[0].Value > 1e6);
        Assert.Equal(3, families["edge_gc_collections_total"].Samples.Count);
        foreach (var family in families.Values)
        {
            Assert.NotEmpty(family.Help);
            Assert.Equal(family.Type == "counter", family.Name.EndsWith("_total", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Write_LabelWithEveryDangerousCharacter_ComesBackAsItWas()
    {
        const string label = "a\\b\"c\nd{e}=,ö";
        string text = PrometheusText.Write([
            new Metric("x", "back\\slash\nand line", MetricKind.Gauge, "", () => [new MetricSample(double.NaN, ("l", label)), new MetricSample(double.PositiveInfinity, ("l", "")), new MetricSample(-1.5e-9)]),
            new Metric("empty", "Left out.", MetricKind.Gauge, "", () => []),
        ]);
        var family = Assert.Single(PrometheusParser.Parse(text)).Value;
        Assert.Equal("back\\\\slash\\nand line", family.Help);
        Assert.Equal(label, family.Samples[0].Labels["l"]);
        Assert.Equal([double.NaN, double.PositiveInfinity, -1.5e-9], family.Samples.Select(s => s.Value));
    }

    [Fact]
    public async Task Meter_WithoutCollector_OffersTheSameValues()
    {
        using var loop = new RunningLoop("metered");
        loop.Turn(7);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, new ScriptedFeed([loop.Loop]).Relay);
        var seen = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == MetricExport.MeterName && instrument.Name == "edge.cycles") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            // Other tests have a meter of this name too; the loop's name tells them apart.
            foreach (var tag in tags)
            {
                if (tag is { Key: "loop", Value: "metered" }) seen.Add(value);
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal([7.0], seen);
    }

    [Fact]
    public async Task Otlp_WithCollector_SendsTheMetrics()
    {
        var received = new TaskCompletionSource<(string Path, string Type, byte[] Body)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.TrySetResult((context.Request.Path.Value!, context.Request.ContentType!, body.ToArray()));
        });
        await collector.StartAsync();
        string address = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        using var loop = new RunningLoop("exported");
        loop.Turn(3);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any with { OtlpEndpoint = address }, new ScriptedFeed([loop.Loop]).Relay);
        Assert.True(server.Export.Flush(10_000));
        var (path, type, bytes) = await received.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("/v1/metrics", path);
        Assert.Equal("application/x-protobuf", type);
        string text = System.Text.Encoding.Latin1.GetString(bytes);
        foreach (string part in (string[])["edge.cycles", "edge.stage.latency.seconds", "exported", "EdgeAutonomy"]) Assert.Contains(part, text, StringComparison.Ordinal);
        await collector.StopAsync();
    }

    [Fact]
    public async Task Otlp_CollectorNotThere_HoldsUpNothing()
    {
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any with { OtlpEndpoint = "http://127.0.0.1:9" }, new ScriptedFeed().Relay);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var answer = await http.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
