using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>Views with everything in them.</summary>
internal static class SampleViews
{
    public static LiveView Live(double seconds, params LoopView[] loops) => new(Stamp.FromSeconds(seconds), loops,
        new MapView("room", [new(0, 0, 10, 0), new(10, 0, 10, 6)], [new(3, 3, 0.4, false), new(5, 2, 0.3, true)],
            [new("r1", new Pose2(1 + seconds, 2, 0.3), 0.2, new Goal(4, 8, 5, 0.3f), 1, 0)]));

    public static LoopView Loop(string name = "r1", double seconds = 0, Rung rung = Rung.Nominal, bool bare = false)
    {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 100; i++) histogram.Record(i * 1000);
        if (bare) return new LoopView { Loop = name, StageNames = ["sense"], Statuses = [StageStatus.Ok], Tag = Stamp.FromSeconds(seconds) };
        var image = new EventImage(64, 48);
        for (int i = 0; i < 200; i++) image.Pixels[i * 13 % image.Pixels.Length] = 255;
        var scan = new RangeScan(36) { BearingStep = 0.1f, MaxRange = 8, Time = Stamp.FromSeconds(seconds) };
        Array.Fill(scan.Ranges, 3.5f);
        return new LoopView
        {
            Loop = name,
            StageNames = ["sense", "perceive", "decide", "act"],
            Statuses = [StageStatus.Ok, StageStatus.Degraded, StageStatus.Ok, StageStatus.Failed(FailureCode.Refused)],
            CycleId = 17,
            Tag = Stamp.FromSeconds(seconds),
            Period = Duration.FromMilliseconds(20),
            PeriodReason = PeriodReason.EventRate,
            Rung = rung,
            RungReason = RungReason.Slack,
            Trust = 0.9f,
            Coverage = float.NaN,
            Odometry = new Odometry(Stamp.Zero, new Pose2(1 + seconds, 2.1, 0.3), default),
            Goal = new Goal(4, 8, 5, 0.3f),
            Sectors = [new() { Bearing = 0.4f, TimeToContact = 0.5f, Confidence = 1, Range = 2 }, new() { Bearing = 0, TimeToContact = float.NaN, Range = float.NaN }],
            Boxes = [new PixelBox(1, 2, 3, 4, 5)],
            Scan = scan,
            Image = image,
            EventsPerSecond = 1e5,
            CyclesPerSecond = 50,
            EnergyJoules = double.PositiveInfinity,
            Latencies = [new("sense", histogram.Summarize()), new("end to end", histogram.Summarize())],
            Dropped = new Dictionary<string, long> { ["sensor"] = 3, ["view"] = 0 },
        };
    }
}

/// <summary>Keeps what a view sink gets.</summary>
internal sealed class ViewLog : IViewSink
{
    public List<ViewChannel> Opened { get; } = [];

    public List<(string Topic, Stamp Time, byte[] Data)> Messages { get; } = [];

    public bool Silent { get; set; }

    public void Open(ViewChannel channel) => Opened.Add(channel);

    public bool Wants(int channel) => !Silent;

    public void Write(int channel, Stamp time, ReadOnlySpan<byte> data) => Messages.Add((Opened.Single(c => c.Id == channel).Topic, time, data.ToArray()));

    public byte[] Last(string topic) => Messages.Last(m => m.Topic == topic).Data;

    public int Count(string topic) => Messages.Count(m => m.Topic == topic);
}
