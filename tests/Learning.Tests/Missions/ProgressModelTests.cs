using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests.Missions;

public class ProgressModelTests
{
    private static readonly KeyDoorSet Set = new();

    [Theory]
    [InlineData(64)]
    [InlineData(16, 8)]
    public void Of_AtRunTime_GivesTheNumbersOfTheTrainingNetwork(params int[] hidden)
    {
        var (attributor, episodes) = Fitted(hidden);
        var weights = ProgressFile.Read(ProgressFile.ToBytes(new ProgressModel("test", Set.Shape, attributor).ToWeights(new ModelOrigin("test", 1, "none"))), "test");
        Assert.Equal((attributor.Id, attributor.Version), (weights.Attributor.Id, weights.Attributor.Version));
        var estimator = new ProgressEstimator(weights, Set.Shape);
        double most = 0, largest = 0;
        foreach (var episode in episodes)
        {
            var c = new float[episode.Length];
            attributor.Estimate(episode, c);
            var mission = Set.Start(episode.Number);
            var view = new MissionView(Set.Shape);
            for (int t = 0; t < c.Length; t++)
            {
                // As the runtime has it: a context of executable commands, and the command that was chosen.
                mission.Describe(view);
                var context = new AgentContext(mission.Name, "", "", [], [.. mission.Candidates.Where((_, i) => view.Executable[i])], view, 1, t, mission.Limit);
                float? said = estimator.Of(context, mission.Candidates[episode.Chosen[t]]);
                most = Math.Max(most, Math.Abs(said!.Value - c[t]));
                largest = Math.Max(largest, Math.Abs(c[t]));
                mission.Step(mission.Candidates[episode.Chosen[t]].Text);
            }
        }
        // Products are rounded before they are added here, not there: a hundred roundings of 2^-24.
        Assert.True(most <= 2e-5 * Math.Max(1, largest), $"{most} of {largest}");
        Assert.True(largest > 0.05, $"{largest}: an estimator that learned nothing would agree as well");
    }

    [Fact]
    public void ToWeights_OfWhatARobotCannotFeed_IsRefused()
    {
        var linear = new SpaAttributor(Set.Shape, new SpaOptions { Hidden = [] }, 1);
        var encoding = new SpaAttributor(Set.Shape, new SpaOptions { Input = AttributorInput.Encoding }, 1, encoding: 8);
        foreach (var attributor in (SpaAttributor[])[linear, encoding]) Assert.Throws<InvalidOperationException>(() => new ProgressModel("test", Set.Shape, attributor).ToWeights(new ModelOrigin("", 1, "")));
    }

    [Fact]
    public void NetworkOf_AFile_ScoresAsTheNetworkDid()
    {
        var network = new CandidateNetwork<float>(Set.Shape);
        network.Initialize(4);
        var copy = MissionPolicyModel.NetworkOf(new MissionPolicyModel("test", network).ToWeights(new ModelOrigin("", 1, "")), Set.Shape);
        int[] numbers = new MissionNumbers(Set).HeldOut(10);
        var (a, b) = (new MissionPlayer(network).Play(Set, numbers, 1, new PlayOptions()), new MissionPlayer(copy).Play(Set, numbers, 1, new PlayOptions()));
        foreach (var (x, y) in a.Zip(b)) Assert.Equal(x.LogProbabilities.ToArray(), y.LogProbabilities.ToArray());
        Assert.Throws<InvalidDataException>(() => MissionPolicyModel.NetworkOf(new MissionPolicyModel("test", network).ToWeights(new ModelOrigin("", 1, "")), MissionWorldContract.Shape));
    }

    [Fact]
    public void Run_WithoutTheShippedPolicy_SaysHowToMakeIt()
    {
        foreach (string? folder in (string?[])[null, "/nowhere"])
            Assert.Contains("edge train mission", Assert.Throws<InvalidDataException>(() => new ProgressTraining().Run(new ExperimentContext { ModelFolder = folder }, null)).Message, StringComparison.Ordinal);
    }

    private static (SpaAttributor Attributor, IReadOnlyList<Trajectory> Episodes) Fitted(int[] hidden)
    {
        var numbers = new MissionNumbers(Set).Draw(RandomStream.For(1, "test"), 60);
        var episodes = Demonstrations.Record(Set, numbers, 1, 0.3);
        var attributor = new SpaAttributor(Set.Shape, new SpaOptions { Hidden = hidden }, 1);
        attributor.Fit(episodes, new FitOptions(200, 16, 1));
        return (attributor, episodes.Take(20).ToList());
    }
}
