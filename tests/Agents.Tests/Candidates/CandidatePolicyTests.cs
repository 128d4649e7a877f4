using System.Text;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests.Candidates;

public class CandidatePolicyTests
{
    private static readonly MissionShape Shape = new(6, 4, 5, "words");

    [Fact]
    public void Decide_OnlyExecutableOnesCount()
    {
        var policy = new CandidatePolicy(Weights(), Shape);
        var view = View(7);
        var decision = Ask(policy, Context(view, 0));
        Assert.Contains(decision.Call, Context(view, 0).Candidates);
        Assert.Equal(DecisionSource.Policy, decision.Source);
        Assert.Equal(policy.Version, decision.PolicyVersion);
        Assert.All(decision.Alternatives, a => Assert.NotEqual(decision.Call, a.Call));
        Assert.True(decision.Alternatives.Zip(decision.Alternatives.Skip(1)).All(p => p.First.Probability >= p.Second.Probability));
        // What is masked does not matter: other numbers there give the same answer.
        view.Candidate(1).Fill(1e9f);
        policy.Begin();
        Assert.Equal(decision.LogProbability, Ask(policy, Context(view, 0)).LogProbability);
    }

    [Fact]
    public void Decide_Sampled_FollowsTheProbabilities()
    {
        var view = View(7);
        var greedy = Ask(new CandidatePolicy(Weights(), Shape), Context(view, 0));
        var policy = new CandidatePolicy(Weights(), Shape, new CandidatePolicyOptions { Greedy = false });
        int hits = 0;
        const int n = 2000;
        for (int i = 0; i < n; i++)
        {
            policy.Begin();
            hits += Ask(policy, Context(view, 0)).Call == greedy.Call ? 1 : 0;
        }
        double p = Math.Exp(greedy.LogProbability!.Value);
        // Four standard deviations of a binomial share.
        Assert.Equal(p, (double)hits / n, 4 * Math.Sqrt(p * (1 - p) / n));
    }

    [Fact]
    public void Decide_Memory_CountsAnEventOncePerStep()
    {
        var (a, b) = (new CandidatePolicy(Weights(), Shape), new CandidatePolicy(Weights(), Shape));
        for (int t = 0; t < 5; t++)
        {
            var context = Context(View((ulong)t), t);
            var first = Ask(a, context);
            Ask(b, context);
            var second = Ask(b, context);
            Assert.Equal(first.LogProbability, second.LogProbability);
        }
        // A control: the memory does something.
        var late = Ask(a, Context(View(9), 5));
        a.Begin();
        Assert.NotEqual(late.LogProbability, Ask(a, Context(View(9), 5)).LogProbability);
    }

    [Fact]
    public void Decide_AllocatesItsAnswerOnly()
    {
        var policy = new CandidatePolicy(Weights(), Shape, new CandidatePolicyOptions { Alternatives = 0 });
        var context = Context(View(3), 0);
        _ = new AgentDecision(context.Candidates[0], 0f, default, DecisionSource.Policy, "", []);
        long answer = Allocations.Least(5, _ => GC.KeepAlive(new AgentDecision(context.Candidates[0], 0f, default, DecisionSource.Policy, "", [])));
        for (int i = 0; i < 100; i++) Ask(policy, context);
        Assert.Equal(100 * answer, Allocations.Least(5, _ =>
        {
            for (int i = 0; i < 100; i++) Ask(policy, context);
        }));
    }

    [Fact]
    public void Decide_BadContext_IsRefused()
    {
        var policy = new CandidatePolicy(Weights(), Shape);
        var view = View(3);
        Assert.Throws<ArgumentException>(() => Ask(policy, Context(view, 0) with { Candidates = [] }));
        view.State[2] = float.NaN;
        Assert.Throws<InvalidOperationException>(() => Ask(policy, Context(view, 0)));
        var nothing = new MissionView(Shape);
        nothing.Resize(2);
        Assert.Throws<InvalidOperationException>(() => Ask(policy, Context(nothing, 0)));
        Assert.Throws<ArgumentException>(() => Ask(policy, Context(view, 0) with { View = new MissionView(Shape with { State = 7 }) }));
    }

    [Fact]
    public void Policy_ForOtherMissions_IsRefused()
    {
        Assert.Contains("vocabulary", Assert.Throws<InvalidDataException>(() => new CandidatePolicy(Weights(), Shape with { Vocabulary = "other" })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => new CandidatePolicy(Weights(), Shape with { Event = 5 }));
    }

    [Fact]
    public void Read_AfterWrite_IsTheSamePolicy()
    {
        var weights = Weights();
        var read = CandidateFile.Read(CandidateFile.ToBytes(weights), "test");
        Assert.Equal(weights.Card, read.Card);
        Assert.Equal(weights.Hash, read.Hash);
        Assert.Equal(weights.Arrays, read.Arrays);
        Assert.NotEqual(weights.Hash, Weights(seed: 2).Hash);
    }

    [Fact]
    public void Read_DamagedFile_IsRefusedWithItsName()
    {
        byte[] good = CandidateFile.ToBytes(Weights());
        string text = Encoding.UTF8.GetString(good);
        foreach (int cut in (int[])[0, 1, 10, good.Length / 2, good.Length - 1]) Refuse(good[..cut]);
        Refuse(Replace("\"version\": 1", "\"version\": 2"));
        Refuse(Replace("edge-mission-policy", "edge-policy"));
        Refuse(Replace("\"encoder\": 8", "\"encoder\": 9"));
        Refuse(Replace("\"encoder\": 8", "\"encoder\": 2000000000"));
        Refuse(Replace("\"encoder\": 8", "\"encoder\": -1"));
        Refuse(Replace("\"name\": \"test\"", "\"name\": \"other\""));
        Refuse(Replace("\"seed\": 3", "\"seed\": 3, \"more\": 1"));
        Refuse(Replace("\"encode.weight\"", "\"other.weight\""));
        Refuse(Replace("\"first\": 12,", ""));
        Refuse("null"u8.ToArray());
        Refuse("[]"u8.ToArray());
        // One weight that is not a number: 0x7FC00000 is AADAfw== in base64.
        var arrays = CandidateWeights.NamesOf(Weights().Card).Select(n => new float[n.Count]).ToList();
        arrays[3][1] = float.PositiveInfinity;
        Assert.Throws<InvalidDataException>(() => new CandidateWeights(Weights().Card, arrays));
        var random = new RandomStream(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] flipped = [.. good];
            flipped[random.NextInt32(good.Length)] ^= (byte)(1 << random.NextInt32(7));
            // White space and the writing of numbers and base64 may change without changing what is meant; all else is found.
            try
            {
                Assert.Equal(Weights().Hash, CandidateFile.Read(flipped, "test").Hash);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("test", e.Message, StringComparison.Ordinal);
            }
        }

        byte[] Replace(string from, string to)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        }

        static void Refuse(byte[] bytes) => Assert.StartsWith("x.mission.json", Assert.Throws<InvalidDataException>(() => CandidateFile.Read(bytes, "x.mission.json")).Message, StringComparison.Ordinal);
    }

    // It answers at once; there is nothing to wait for.
    private static AgentDecision Ask(CandidatePolicy policy, AgentContext context)
    {
        var answer = policy.DecideAsync(context, default);
        return answer.IsCompleted ? answer.GetAwaiter().GetResult() : throw new InvalidOperationException("The policy did not answer at once.");
    }

    private static CandidateWeights Weights(ulong seed = 1)
    {
        var card = new CandidateCard { Name = "test", State = 6, Event = 4, Candidate = 5, VocabularyHash = CandidateWeights.HashOf("words"), Encoder = 8, Memory = 8, First = 12, Second = 6, Seed = 3 };
        var random = new RandomStream(seed);
        return new CandidateWeights(card, [.. CandidateWeights.NamesOf(card).Select(n => Enumerable.Range(0, n.Count).Select(_ => (float)random.NextDouble(-0.7, 0.7)).ToArray())]);
    }

    private static MissionView View(ulong seed)
    {
        var random = new RandomStream(seed);
        var view = new MissionView(Shape);
        view.Resize(6);
        for (int i = 0; i < 6; i++) view.State[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < 4; i++) view.Event[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < 30; i++) view.Candidates[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < 6; i++) view.Executable[i] = i != 1 && i != 4;
        return view;
    }

    private static AgentContext Context(MissionView view, int step)
    {
        var calls = new List<ActionCall>();
        for (int i = 0; i < view.Count; i++)
        {
            if (view.Executable[i]) calls.Add(new ActionCall("do", [], $"do {i}"));
        }
        return new AgentContext("m", "", "", [], calls, view, 1, step, 20);
    }
}
