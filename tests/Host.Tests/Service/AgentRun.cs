using System.Text.Json;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A service's agent and its loop, in simulated time that a thread of the test moves as fast as it can.</summary>
internal sealed record AgentRun(IReadOnlyList<MissionRow> Rows, IReadOnlyList<JsonElement> Decisions, IReadOnlyList<LogLine> Lines, string Metrics, bool HasGoal)
{
    // Longer than any mission; a test that gets here has failed.
    private static readonly Stamp Limit = Stamp.FromSeconds(3000);

    public static async Task<AgentRun> Of(EdgeOptions options, string folder, Func<PostedMissionRobot, bool>? stopWhen, bool hangs)
    {
        var clock = new SimClock();
        var time = new ClockTimeProvider(clock, DateTimeOffset.UnixEpoch);
        using var post = AgentPost.Of(options)!;
        var robot = new PostedMissionRobot(post.Post);
        var loop = LoopFactory.Build(options, post.Wire(LoopWiring.None with { Clock = clock }, options)).Single();
        var lines = new List<LogLine>();
        var taken = new Taken();
        using var service = new AgentService(post, folder, loop, options.Robot, NullLogger<AgentService>.Instance, lines.Add, time);
        using (new RecordPump([post.Lane], [taken], (_, error) => throw error))
        {
            loop.Loop.Start();
            await service.StartAsync(CancellationToken.None);
            while (!service.Driving.IsCompleted && clock.Now < Limit && stopWhen?.Invoke(robot) != true) Advance();
            var stopping = service.StopAsync(CancellationToken.None);
            while (!stopping.IsCompleted) Advance();
            await stopping;
            loop.Loop.Finish();
        }
        return new AgentRun(service.Rows, taken.Objects, lines, PrometheusText.Write(post.Shown), robot.HasGoal);

        void Advance()
        {
            if (hangs && robot.HasGoal)
            {
                clock.AdvanceTo(clock.Now + Duration.FromMilliseconds(20));
                // A hung loop takes no time of its own; the agent's threads need some.
                Thread.Yield();
            }
            else
            {
                loop.Loop.RunOnce();
            }
            time.FireDueTimers();
        }
    }

    private sealed class Taken : IRecordConsumer
    {
        public List<JsonElement> Objects { get; } = [];

        public void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record)
        {
            JsonLane.Read(record, out var json);
            Objects.Add(JsonDocument.Parse(json.ToArray()).RootElement);
        }

        public void OnLog(in LogLine line)
        {
        }

        public void OnPause()
        {
        }

        public void OnEnd()
        {
        }
    }
}
