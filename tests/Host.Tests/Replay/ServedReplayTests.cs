using System.Collections.Concurrent;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A recording played for people. Every wait ends with a failure after its time; none is a measurement.</summary>
public sealed class ServedReplayTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-served-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Clock", "Real")]
    public async Task Run_PausedSoughtAndPlayed_ShowsWhereItIs()
    {
        string path = Path.Combine(_folder, "run.mcap");
        using (var run = new FleetRun(new SimulatedFleetOptions(), seed: 3, "demo", path, live: null, new Terminal(TextWriter.Null, TextWriter.Null)))
        {
            run.RunUntil(Stamp.FromSeconds(6));
            run.Finish();
        }
        using var file = RecordingFile.Open(path);
        using var playback = new ServedReplay(file, new ReplayRun(file, new ReplayOptions()), from: 0, speed: 1);
        var views = new ConcurrentQueue<LiveView>();
        using var ended = new CancellationTokenSource();
        var playing = Task.Run(() => playback.Run(lanes => new ViewConsumer(lanes, 20, views.Enqueue), ended.Token));
        try
        {
            Until(() => views.Count >= 3, "views from the beginning");
            playback.Pause();
            playback.Seek(Stamp.FromSeconds(4));
            Assert.Equal(Stamp.FromSeconds(4), playback.Now);
            Assert.True(playback.Paused);
            Until(() => views.Any(v => v.Time >= Stamp.FromSeconds(3.9)), "a view of the place that was sought, while it stands still");
            Assert.DoesNotContain(views, v => v.Time > Stamp.FromSeconds(4.2));

            playback.Seek(Stamp.FromSeconds(1));
            int before = views.Count;
            Until(() => views.Skip(before).Any(v => v.Time <= Stamp.FromSeconds(1.1)), "a view of an earlier place");

            playback.SetSpeed(50);
            playback.Play();
            Until(() => playback.Paused, "the end");
            Assert.Equal(file.End, playback.Now);
            Assert.Contains(views, v => v.Time > Stamp.FromSeconds(5.8) && v.Map.Robots.Count == 1 && v.Loops[0].Odometry is not null);
        }
        finally
        {
            await ended.CancelAsync();
            await playing;
        }

        static void Until(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Patience), $"no {what} within {Patience}");
    }
}
