using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning.Tests.Missions;

public class RuntimePolicyTests
{
    [Fact]
    public void Score_AtRunTime_GivesTheNumbersOfTheTrainingNetwork()
    {
        var set = new KeyDoorSet();
        var network = new CandidateNetwork<float>(set.Shape);
        foreach (var p in network.Parameters) p.Randomize(new CounterRandom(8), 0.3);
        var scorer = new CandidateScorer(new MissionPolicyModel("test", network).ToWeights(new ModelOrigin("", 1, "")));
        var batch = new CandidateBatch<float>(set.Shape);
        var view = new MissionView(set.Shape);
        float[] memory = new float[64];
        double most = 0, largest = 0;
        for (int n = 0; n < 5; n++)
        {
            var mission = set.Start(n);
            scorer.Reset();
            Array.Clear(memory);
            for (bool done = false; !done;)
            {
                mission.Describe(view);
                batch.Clear();
                batch.Begin();
                batch.Add(view, CandidateSet.Executable, 0);
                network.Forward(batch, memory, values: false);
                memory = network.Memories.ToArray();
                var scores = scorer.Score(view, again: false);
                for (int i = 0; i < batch.Items; i++)
                {
                    most = Math.Max(most, Math.Abs(scores[batch.Index[i]] - network.Scores[i]));
                    largest = Math.Max(largest, Math.Abs(network.Scores[i]));
                }
                done = mission.Step(mission.Candidates[mission.Expert()].Text).Done;
            }
        }
        // Products are rounded before they are added here, not there: a few hundred roundings of 2^-24, some of the size of the sums.
        Assert.True(most <= 2e-5 * largest, $"{most} of {largest}");
        Assert.True(largest > 1);
    }

    [Fact]
    public async Task Decide_FromAFile_ActsAsTheTrainingNetworkDoes()
    {
        var set = new KeyDoorSet();
        var network = new CandidateNetwork<float>(set.Shape);
        network.Initialize(3);
        new BehaviourCloning(network, new CloningOptions { Episodes = 150, CorrectedEpisodes = 0, Epochs = 6 }, 1).Run(set);
        int[] numbers = new MissionNumbers(set).HeldOut(20);
        var episodes = new MissionPlayer(network).Play(set, numbers, 1, new PlayOptions { Greedy = true });
        string path = Path.Combine(Directory.CreateTempSubdirectory("edge-mission").FullName, "test" + CandidateFile.Ending);
        Assert.Equal([path], new MissionPolicyModel("test", network).Write(path, new ModelOrigin("test", 1, "none")));
        var policy = CandidatePolicy.Load(path, set.Shape);
        for (int n = 0; n < numbers.Length; n++)
        {
            var mission = set.Start(numbers[n]);
            var view = new MissionView(set.Shape);
            policy.Begin();
            for (int t = 0; t < episodes[n].Length; t++)
            {
                mission.Describe(view);
                var open = mission.Candidates.Where(c => mission.IsExecutable(c.Text)).ToArray();
                var context = new AgentContext(mission.Name, "", "", [], open, view, 1, t, mission.Limit);
                var decision = await policy.DecideAsync(context, default);
                // Asked again about the same step, it says the same.
                Assert.Equal(decision.Call, (await policy.DecideAsync(context, default)).Call);
                Assert.Equal(mission.Candidates[episodes[n].Chosen[t]], decision.Call);
                Assert.Equal(episodes[n].LogProbabilities[t], decision.LogProbability!.Value, 1e-3f);
                Assert.Equal(Math.Min(3, open.Length - 1), decision.Alternatives.Count);
                mission.Step(decision.Call.Text);
            }
        }
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
