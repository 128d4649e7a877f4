using System.Buffers;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning.Tests.Missions;

public class MissionLearningTests
{
    private static readonly CandidateNetworkOptions Small = new() { Encoder = 16, Memory = 16, First = 32, Second = 16, Value = 16 };

    [Fact]
    public void Compute_FourSteps_IsTheHandComputedVector()
    {
        // γ = 0.5, λ = 0.5, r = 1, 0, 0, 2, V = 1, 2, 0, 1, end: δ = 1+1−1, 0+0−2, 0+0.5−0, 2+0−1 = 1, −2, 0.5, 1.
        // Â_4 = 1, Â_3 = 0.5 + 0.25, Â_2 = −2 + 0.25·0.75, Â_1 = 1 + 0.25·(−1.8125).
        var a = new double[4];
        MissionAdvantages.Compute([1, 0, 0, 2], [1, 2, 0, 1, 0], 0.5, 0.5, a);
        Assert.Equal([1 - 0.25 * 1.8125, -1.8125, 0.75, 1], a);
    }

    [Fact]
    public void Iterate_Bandit_TakesTheBetterArm()
    {
        var network = Fresh(new BanditSet());
        new MissionPpo(new BanditSet(), network, new MissionPpoOptions { Episodes = 2000, LearningRate = 3e-3 }, new TerminalAttributor(), 1).Train();
        var episodes = new MissionPlayer(network).Play(new BanditSet(), [.. Enumerable.Range(0, 200)], 5, new PlayOptions());
        Assert.True(episodes.Average(e => e.Chosen[0]) > 0.9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Iterate_Chain_GoesStraight(bool stops)
    {
        var set = new ChainSet(stops);
        var network = Fresh(set);
        new MissionPpo(set, network, new MissionPpoOptions { Episodes = 1500, LearningRate = 3e-3 }, new PotentialAttributor(new SpaAttributor(set.Shape, new SpaOptions { Hidden = [16] }, 1), 0.99), 1).Train();
        var score = new MissionScore(new MissionPlayer(network).Play(set, [.. Enumerable.Range(0, 100)], 5, new PlayOptions()));
        Assert.Equal(1, score.Success.Value);
        Assert.True(score.MeanLength < 5, $"{score.MeanLength}; the shortest way is 4");
    }

    [Fact]
    public void Run_Cloning_LearnsTheExpert()
    {
        var set = new KeyDoorSet();
        var network = Fresh(set);
        var cloning = new BehaviourCloning(network, new CloningOptions { Episodes = 150, CorrectedEpisodes = 50 }, 1);
        var before = Score(network, CandidateSet.Plausible);
        cloning.Run(set);
        var after = Score(network, CandidateSet.Plausible);
        Assert.True(before.Success.Value < 0.1, $"{before.Success}");
        Assert.True(after.Success.Value > 0.95, $"{after.Success}");
        Assert.True(after.Grounding > 0.95, $"{after.Grounding}");
    }

    [Theory]
    [InlineData("terminal")]
    [InlineData("potential")]
    [InlineData("encoded")]
    public void Train_FromScratch_Improves(string name)
    {
        var set = new KeyDoorSet();
        var network = Fresh(set);
        IReturnAttributor attributor = name switch
        {
            "terminal" => new TerminalAttributor(),
            "potential" => new PotentialAttributor(new SpaAttributor(set.Shape, new SpaOptions(), 1), 0.99),
            _ => new PotentialAttributor(new SpaAttributor(set.Shape, new SpaOptions { Input = AttributorInput.Encoding }, 1, network.HistoryWidth), 0.99),
        };
        var before = Score(network, CandidateSet.Executable);
        var ppo = new MissionPpo(set, network, new MissionPpoOptions { Episodes = 2000, PreRollouts = name == "terminal" ? 0 : 100, LearningRate = 3e-3, Encodings = name == "encoded", AnchorWeight = 0.001 }, attributor, 1);
        ppo.Train();
        var after = Score(network, CandidateSet.Executable);
        Assert.True(after.Success.Value > before.Success.Value + 0.3, $"{before.Success} {after.Success}");
        Assert.Equal(1, after.Grounding);
        Assert.Equal(2000, ppo.Episodes);
    }

    [Fact]
    public void Train_WithThePapersBonus_LearnsToLoiterAndWithTheMaskDoesNot()
    {
        // Notes D.1: 0.5 for each of 30 possible commands is worth more than the goal. The signature is grounding up, success down, length to the limit.
        var set = new KeyDoorSet();
        var start = Fresh(set);
        new BehaviourCloning(start, new CloningOptions { Episodes = 60, CorrectedEpisodes = 0 }, 1).Run(set);
        CandidateNetwork<float> bonus = Fresh(set), masked = Fresh(set);
        bonus.CopyFrom(start);
        masked.CopyFrom(start);
        var options = new MissionPpoOptions { Episodes = 1280, PreRollouts = 100 };
        new MissionPpo(set, bonus, options with { Set = CandidateSet.Plausible, Episodes = 2560 }, new SpaAttributor(set.Shape, SpaOptions.Paper, 1), 1).Train();
        new MissionPpo(set, masked, options, new PotentialAttributor(new SpaAttributor(set.Shape, new SpaOptions(), 1), 0.99), 1).Train();
        MissionScore before = Score(start, CandidateSet.Plausible), hacked = Score(bonus, CandidateSet.Plausible), sound = Score(masked, CandidateSet.Executable);
        Assert.True(hacked.Grounding >= 0.97 && hacked.MeanLength >= 0.95 * 30 && hacked.Success.Value < before.Success.Value - 0.15, $"{before.Success} {hacked.Success} {hacked.Grounding} {hacked.MeanLength}");
        Assert.True(sound.Success.Value > 0.95 && sound.MeanLength < 0.8 * 30, $"{sound.Success} {sound.MeanLength}");
    }

    [Fact]
    public void Thaw_InTheMiddle_GivesTheBitsOfTheUninterruptedRun()
    {
        var set = new KeyDoorSet();
        MissionPpo Make() => new(set, Fresh(set), new MissionPpoOptions { Episodes = 200, EpisodesPerIteration = 20, PreRollouts = 30, AttributorBuffer = 60 }, new PotentialAttributor(new SpaAttributor(set.Shape, new SpaOptions(), 1), 0.99), 4);
        MissionPpo whole = Make(), first = Make(), second = Make();
        for (int i = 0; i < 6; i++) whole.Iterate();
        for (int i = 0; i < 3; i++) first.Iterate();
        var bytes = new ArrayBufferWriter<byte>();
        first.Freeze(bytes);
        second.Thaw(bytes.WrittenSpan);
        for (int i = 0; i < 3; i++) second.Iterate();
        for (int i = 0; i < whole.Network.Parameters.Count; i++) Assert.Equal(whole.Network.Parameters[i].Value, second.Network.Parameters[i].Value);
        Assert.Equal(whole.Log.ToCsv(), second.Log.ToCsv());
        Assert.Equal(whole.Configuration, second.Configuration);
    }

    [Fact]
    public void Play_OtherNeighbours_GivesTheSameEpisode()
    {
        var set = new KeyDoorSet();
        var player = new MissionPlayer(Fresh(set));
        var alone = player.Play(set, [7], 9, new PlayOptions())[0];
        var among = player.Play(set, [7, .. Enumerable.Range(1, 90)], 9, new PlayOptions())[0];
        Assert.Equal(alone.Chosen.ToArray(), among.Chosen.ToArray());
        Assert.Equal(alone.LogProbabilities.ToArray(), among.LogProbabilities.ToArray());
    }

    [Fact]
    public void Play_Masked_NeverTriesWhatCannotBeCarriedOut()
    {
        var set = new KeyDoorSet();
        var player = new MissionPlayer(Fresh(set));
        int[] numbers = [.. Enumerable.Range(0, 50)];
        Assert.Equal(1, new MissionScore(player.Play(set, numbers, 1, new PlayOptions())).Grounding);
        Assert.True(new MissionScore(player.Play(set, numbers, 1, new PlayOptions { Set = CandidateSet.Plausible })).Grounding < 0.7);
    }

    [Fact]
    public void Numbers_HeldOut_AreNeverDrawn()
    {
        var numbers = new MissionNumbers(new KeyDoorSet());
        Assert.DoesNotContain(numbers.Draw(new EdgeAutonomy.Runtime.RandomStream(1), 2000), n => n % 5 == 0);
        Assert.Equal([0, 5, 10], numbers.HeldOut(3));
        Assert.Throws<InvalidOperationException>(() => numbers.RequireTraining([1, 5]));
        Assert.Equal([0, 1, 2], new MissionNumbers(new BanditSet()).HeldOut(3));
    }

    [Fact]
    public void MissionPpo_OtherDiscount_IsRefused()
    {
        var set = new KeyDoorSet();
        var attributor = new PotentialAttributor(new SpaAttributor(set.Shape, new SpaOptions(), 1), 1);
        Assert.Throws<ArgumentException>(() => new MissionPpo(set, Fresh(set), new MissionPpoOptions(), attributor, 1));
        Assert.Throws<ArgumentException>(() => new MissionPpo(set, Fresh(set), new MissionPpoOptions { PreRollouts = 5000 }, new TerminalAttributor(), 1));
        Assert.Throws<ArgumentException>(() => new MissionPlayer(Fresh(set)).Play(new BanditSet(), [1], 1, new PlayOptions()));
    }

    private static MissionScore Score(CandidateNetwork<float> network, CandidateSet set)
    {
        var missions = new KeyDoorSet();
        return new MissionScore(new MissionPlayer(network).Play(missions, new MissionNumbers(missions).HeldOut(200), 77, new PlayOptions { Set = set }));
    }

    private static CandidateNetwork<float> Fresh(IMissionSet set)
    {
        var network = new CandidateNetwork<float>(set.Shape, Small);
        network.Initialize(2);
        return network;
    }
}
