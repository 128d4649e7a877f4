using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning.Tests.Missions;

public class SpaExperimentTests
{
    private static readonly SpaPlan Small = new()
    {
        Network = new CandidateNetworkOptions { Encoder = 8, Memory = 8, First = 16, Second = 8, Value = 8 },
        Cloning = new CloningOptions { Episodes = 20, CorrectedEpisodes = 5, Epochs = 2 },
        Ppo = new MissionPpoOptions { Episodes = 40, EpisodesPerIteration = 10 },
        PreRollouts = 20, OfflineEpisodes = 20, OfflinePasses = 1, EvaluationEpisodes = 30, QualityEpisodes = 10,
    };

    [Fact]
    public void Run_AllArms_ReportsEachAndRepeats()
    {
        var experiment = new SpaExperiment(new KeyDoorSet(), new KeyDoorSet("held out"), Small with { Hidden = (new KeyDoorSet("far"), new KeyDoorSet("far, held out")) });
        double reached = 0;
        var context = new ExperimentContext { Seeds = 2, Progress = (share, _) => reached = Math.Max(reached, share) };
        var result = experiment.Run(context);
        SpaArm[] arms = [.. SpaArms.Main, .. SpaArms.Regimes, .. SpaArms.Hidden];
        Assert.Equal(arms.Length, arms.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count());
        foreach (var arm in arms)
        {
            Assert.Contains(result.Rows, r => r.Arm == arm.Name && r.Metric.StartsWith("success, drawn", StringComparison.Ordinal));
            Assert.Contains(result.Rows, r => r.Arm == arm.Name && r.Metric.StartsWith("grounding", StringComparison.Ordinal));
            if (arm.Against is { } other)
            {
                Assert.Contains(arms, a => a.Name == other);
                Assert.Contains(result.Rows, r => r.Arm == arm.Name && r.Metric == $"success less that of {other}");
            }
        }
        Assert.InRange(reached, 0.9, 1);
        var again = experiment.Run(context);
        Assert.Equal(result.Rows, again.Rows);
        Assert.Equal(result.Notes, again.Notes);
        // Every arm starts from the same policy of a seed: those that learn nothing differ by the mask only, and what is measured without it is the same.
        Assert.Equal(Row("cloning", "grounding, all plausible candidates"), Row("cloning, mask", "grounding, all plausible candidates"));

        double Row(string arm, string metric) => result.Rows.Single(r => r.Arm == arm && r.Metric == metric).Value.Value;
    }

    [Fact]
    public void Run_WithoutHiddenMissions_SaysSo()
    {
        var plan = Small with { Arms = [SpaArms.Main[1], SpaArms.Hidden[0]] };
        var result = new SpaExperiment(new KeyDoorSet(), new KeyDoorSet(), plan).Run(new ExperimentContext { Seeds = 1 });
        Assert.DoesNotContain(result.Rows, r => r.Arm == SpaArms.Hidden[0].Name);
        Assert.Contains(result.Notes, n => n.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_TrueProgress_IsPerfectlyRanked()
    {
        var set = new KeyDoorSet();
        var network = new CandidateNetwork<float>(set.Shape, Small.Network);
        network.Initialize(1);
        var truth = new List<double[]>();
        var episodes = new MissionPlayer(network).Play(set, [1, 2, 3, 4], 1, new PlayOptions { Progress = truth });
        Assert.All(episodes.Zip(truth), p => Assert.Equal(p.First.Length + 1, p.Second.Length));
        var perfect = SpaQuality.Of(new Oracle(episodes, truth, 1), episodes, truth);
        var wrong = SpaQuality.Of(new Oracle(episodes, truth, -1), episodes, truth);
        Assert.Equal((1, 1), (perfect.RankCorrelation, perfect.PositiveMass));
        Assert.Equal(-1, wrong.RankCorrelation, 1e-12);
    }

    [Fact]
    public void Run_Training_ResumedGivesTheSameFile()
    {
        var recipe = new MissionTrainingRecipe
        {
            Name = "line", Summary = "test", Training = _ => new KeyDoorSet(), Test = _ => new KeyDoorSet(), Network = Small.Network, Cloning = Small.Cloning,
            Ppo = new MissionPpoOptions { Episodes = 60, EpisodesPerIteration = 10, PreRollouts = 10 }, ValidateEvery = 2, ValidationEpisodes = 10, TestEpisodes = 20,
        };
        string folder = Directory.CreateTempSubdirectory("edge-mission").FullName;
        var whole = new MissionTraining(recipe).Run(new ExperimentContext(), null);
        using var stop = new CancellationTokenSource();
        var cut = new ExperimentContext { Progress = (share, _) => { if (share > 0.5) stop.Cancel(); }, Stop = stop.Token };
        string checkpoint = Path.Combine(folder, "checkpoint");
        Assert.Throws<OperationCanceledException>(() => new MissionTraining(recipe).Run(cut, checkpoint));
        var resumed = new MissionTraining(recipe).Run(new ExperimentContext(), checkpoint);
        Assert.Equal(Hash(whole), Hash(resumed));
        Assert.Equal(whole.Companions[".curves.csv"], resumed.Companions[".curves.csv"]);
        Assert.Equal(whole.Metric, resumed.Metric);
        string path = Path.Combine(folder, "line" + whole.Model.Ending);
        whole.Model.Write(path, new ModelOrigin("edge train line", 1, "test"));
        Assert.Equal(64, CandidatePolicy.Load(path, new KeyDoorSet().Shape).Version.Length);
        Directory.Delete(folder, recursive: true);

        static string Hash(TrainingOutcome outcome) => ((MissionPolicyModel)outcome.Model).ToWeights(new ModelOrigin("", 1, "")).Hash;
    }

    [Fact]
    public void McNemar_KnownSplits_GiveExactProbabilities()
    {
        Assert.Equal(1, PairedTests.McNemar(0, 0));
        Assert.Equal(1, PairedTests.McNemar(3, 3));
        // 2 · (1 + 6) / 64.
        Assert.Equal(14.0 / 64, PairedTests.McNemar(1, 5), 1e-12);
        Assert.Equal(2.0 / 1024, PairedTests.McNemar(10, 0), 1e-12);
        Assert.InRange(PairedTests.McNemar(900, 1100), 1e-6, 1e-4);
    }

    [Fact]
    public void Holm_ThreeValues_StepsDown()
    {
        double[] expected = [0.03, 0.06, 0.06];
        double[] corrected = PairedTests.Holm([0.01, 0.04, 0.03]);
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], corrected[i], 1e-12);
        Assert.Equal([1.0, 1.0], PairedTests.Holm([0.9, 0.8]));
    }

    [Fact]
    public void Bootstrap_ClearAndNoDifference_AreToldApart()
    {
        double[] ones = [.. Enumerable.Repeat(1.0, 40)], mixed = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1.0 : 0)];
        Assert.True(PairedTests.Bootstrap([ones, ones], [mixed, mixed], resamples: 2000) < 0.01);
        Assert.Equal(1, PairedTests.Bootstrap([mixed, mixed], [mixed, mixed], resamples: 2000));
        Assert.Throws<ArgumentException>(() => PairedTests.Bootstrap([ones], [mixed, mixed]));
    }

    private sealed class Oracle(IReadOnlyList<Trajectory> episodes, List<double[]> truth, int sign) : IReturnAttributor
    {
        public string Id => "oracle";

        public bool IsCausal => true;

        public string Version => Id;

        public void Fit(IReadOnlyList<Trajectory> data, in FitOptions options)
        {
        }

        public void Attribute(Trajectory trajectory, Span<float> stepReward)
        {
            int e = episodes.ToList().IndexOf(trajectory);
            for (int t = 0; t < stepReward.Length; t++) stepReward[t] = (float)(sign * (truth[e][t] - truth[e][t + 1]));
        }

        public void Freeze(System.Buffers.IBufferWriter<byte> writer)
        {
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
        }
    }
}
