using System.Net;
using System.Text;
using System.Text.Json;
using EdgeAutonomy.Runtime;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>The promise: whatever a language model or its server sends, nothing unvalidated is carried out, and every decision ends in time.</summary>
public class AnyReplyTests
{
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Missions_UnderAnyReplyWhatsoever_CarryOutOnlyWhatIsAllowedAndInTime()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        int decisions = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => decisions += Play((ulong)seed, seen)));
        Assert.True(decisions > 3000, $"{decisions} decisions were made.");
        // The control: every way of answering and of being refused took part, the good one included.
        foreach (string kind in (string[])["None", "Shape", "Parse", "Preconditions", "Envelope", "Deadline", "Error", "CircuitOpen", "Busy", "LanguageModel", "Planner"]) Assert.True(seen.GetValueOrDefault(kind) > 0, $"'{kind}' never happened: {string.Join(", ", seen)}");
    }

    private static int Play(ulong seed, Dictionary<string, int> seen)
    {
        var random = new RandomStream(seed);
        var (time, mission, sink) = (new VirtualTime(), new CorridorMission(limit: 12), new ListSink());
        bool Forbidden(string text) => text == "go to room 3";
        using var client = new OpenAiChatClient(new LanguageModelOptions(), new ScriptedHandler((_, cancel) => AnswerAsync(random, time, mission, cancel)));
        var policy = new LanguageModelPolicy(client, new LanguageModelOptions { Constraint = (OutputConstraint)random.NextInt32(3) });
        var guard = new GuardChain(new FixedEnvelope(c => Forbidden(c.Text) ? GuardReason.Fence : GuardReason.None), time);
        var runtime = new AgentRuntime(new PolicyLine(policy), guard, time, new AgentRuntimeOptions { OffThread = false }, sink);
        var body = new WatchfulBody(mission, Forbidden);
        time.Run(() => new MissionRunner(runtime, time, new MissionRunnerOptions { MaxSafeStops = 6 }).RunAsync(mission, body));
        // WatchfulBody has checked each command as it came; nothing was stepped behind its back.
        Assert.Equal(mission.Done, body.Executed);
        foreach (var record in sink.Records)
        {
            Assert.True(record.Latency <= runtime.Options.Deadline + _grace, $"seed {seed}: a decision took {record.Latency}.");
            Assert.InRange(record.Attempts.Count(a => a.Source == DecisionSource.LanguageModel), 0, 3);
            Note(seen, record.Source.ToString());
            foreach (var attempt in record.Attempts) Note(seen, attempt.Failure == AttemptFailure.Refused ? attempt.Stage.ToString() : attempt.Failure.ToString());
        }
        return sink.Records.Count;
    }

    private static void Note(Dictionary<string, int> seen, string kind) => seen[kind] = seen.GetValueOrDefault(kind) + 1;

    private static async Task<HttpResponseMessage> AnswerAsync(RandomStream random, VirtualTime time, CorridorMission mission, CancellationToken cancel)
    {
        // Some servers hear a cancellation, some never do.
        var heard = random.NextInt32(2) == 0 ? cancel : CancellationToken.None;
        if (random.NextInt32(2) == 0) await time.Pass(TimeSpan.FromMilliseconds(random.NextInt32(1000)), heard).ConfigureAwait(false);
        if (random.NextInt32(12) == 0) mission.Disturb();
        byte[] content = ReplyForge.Bytes(random, mission);
        byte[] body = Encoding.UTF8.GetBytes(ScriptedHandler.Envelope(Encoding.UTF8.GetString(content)));
        switch (random.NextInt32(16))
        {
            case 0: return new HttpResponseMessage((HttpStatusCode)(400 + random.NextInt32(200)));
            case 1: throw new HttpRequestException("refused");
            case 2: throw new InvalidOperationException("a bug");
            case 3: return await new TaskCompletionSource<HttpResponseMessage>().Task.ConfigureAwait(false);
            case 4: return ScriptedHandler.Ok(content);
            case 5: return ScriptedHandler.Ok(body[..random.NextInt32(body.Length)]);
            case 6: return Dripping(time, body, 7, 20, breaks: false, endless: false);
            case 7: return Dripping(time, body[..(body.Length / 2)], 64, 1, breaks: true, endless: false);
            case 8: return Dripping(time, body, 512, 1, breaks: false, endless: true);
            case 9: return ScriptedHandler.Ok(new byte[200_000]);
            case 10: return ScriptedHandler.Ok(JsonSerializer.SerializeToUtf8Bytes(new { choices = Array.Empty<int>() }));
            default: return ScriptedHandler.Ok(body);
        }
    }

    private static HttpResponseMessage Dripping(VirtualTime time, byte[] body, int piece, int pauseMs, bool breaks, bool endless) =>
        new(HttpStatusCode.OK) { Content = new StreamContent(new DrippingStream(time, body, piece, TimeSpan.FromMilliseconds(pauseMs), breaks, endless)) };
}
