using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>What is exported chooses on the robot what it chose in training.</summary>
public sealed class PolicyExportTests : IDisposable
{
    private static readonly PolicySchema Held = ControlRecipes.CartPoleSchema with { PeriodsUs = [20_000, 40_000, 80_000] };

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Values_HeldDqn_GivesTheSameIndicesAsInTraining()
    {
        var agent = new DoubleDqn(new VectorEnvironment(new HeldEnvironment(new CartPole(), 3, 0.99)), new DoubleDqnOptions { Hidden = [32, 32], Rungs = 3, LearningStarts = 100 }, 1);
        agent.Train(600);
        using var policy = Load(PolicyExport.Values(agent.Policy, Held), Held);
        Compare(policy, agent.Policy, agent.Policy.Values, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Values_PpoWithAndWithoutScaling_GivesTheSameIndicesAsInTraining(bool scaled)
    {
        var agent = new Ppo(new VectorEnvironment(new HeldEnvironment(new CartPole(), 3, 0.99)), new PpoOptions { Hidden = [16], RolloutSteps = 128, ScaleObservations = scaled, LearningRate = 3e-3 }, 1);
        agent.Train(1000);
        using var policy = Load(PolicyExport.Values(agent.Policy, Held), Held);
        Compare(policy, agent.Actor, (seen, _, _) => agent.Policy.Outputs(seen), 3);
    }

    [Fact]
    public void Values_ConstantPolicy_GivesItsIndexEverywhere()
    {
        // §13, 17: no rounding can move a policy whose values do not depend on what is seen.
        for (int index = 0; index < 6; index++)
        {
            var network = new QNetwork(4, [8], 6);
            network.Network.Parameters[^1].Value[index] = 1;
            using var policy = Load(PolicyExport.Values(network, Held), Held);
            var random = new RandomStream(1);
            var action = new float[1];
            for (int i = 0; i < 200; i++)
            {
                Fill(random, policy.Observation);
                Assert.True(policy.TryChoose(Duration.Unlimited, out var choice));
                network.Act(policy.Observation, default, action);
                Assert.Equal((index, (float)index), (choice.Action * 3 + choice.Period, action[0]));
            }
            // A deadline takes the long periods away, as a mask does in training.
            Assert.True(policy.TryChoose(Duration.FromMilliseconds(20), out var masked));
            network.Act(policy.Observation, [true, false, false, true, false, false], action);
            Assert.Equal(action[0], masked.Action * 3 + masked.Period);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Actions_Squashed_GivesTheActionsOfTraining(int rungs)
    {
        IEnvironment Task() => rungs == 1 ? new Pendulum() : new HeldEnvironment(new Pendulum(), rungs, 0.99);
        var agent = new Sac(new VectorEnvironment(Task()), new SacOptions { Hidden = [16, 16], BatchSize = 16, ReplayCapacity = 500, ScaleObservations = rungs == 3 }, 1);
        agent.Train(200);
        using IInferenceEngine engine = new ManagedEngine(OnnxModel.Read(PolicyExport.Actions(agent.Policy)), "test");
        Assert.Equal(rungs > 1, engine.FindOutput("rungs") >= 0);
        var random = new RandomStream(2);
        float[] seen = new float[3], action = new float[rungs == 1 ? 1 : 2];
        for (int i = 0; i < 500; i++)
        {
            new BoxSpace([-1, -1, -8], [1, 1, 8]).Sample(random, seen);
            seen.CopyTo(engine.Input(0));
            engine.Run();
            agent.Actor.Act(seen, default, action);
            int rung = rungs == 1 ? 0 : (int)action[1];
            if (rungs > 1) Assert.Equal(rung, QNetwork.Largest(engine.Output(engine.FindOutput("rungs"))));
            Assert.Equal(action[0], engine.Output(engine.FindOutput("action"))[rung], 1e-5f); // other orders of sums of 16 products
        }
    }

    [Fact]
    public void Actions_Gaussian_GivesTheMeansOfTraining()
    {
        var agent = new Ppo(new VectorEnvironment(new Pendulum()), new PpoOptions { Hidden = [16], RolloutSteps = 64, ScaleObservations = true }, 1);
        agent.Train(300);
        using IInferenceEngine engine = new ManagedEngine(OnnxModel.Read(PolicyExport.Actions(agent.Policy)), "test");
        float[] seen = [0.3f, -0.9f, 2], action = new float[1];
        seen.CopyTo(engine.Input(0));
        engine.Run();
        agent.Actor.Act(seen, default, action);
        Assert.Equal(action[0], engine.Output(0)[0], 1e-5f);
    }

    [Fact]
    public void Values_OtherSchemaOrKind_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => PolicyExport.Values(new QNetwork(4, [8], 5), Held));
        var continuous = new Ppo(new VectorEnvironment(new Pendulum()), new PpoOptions { Hidden = [4] }, 1).Policy;
        Assert.Throws<ArgumentException>(() => PolicyExport.Values(continuous, Held));
        Assert.Throws<ArgumentException>(() => PolicyExport.Actions(new Ppo(new VectorEnvironment(new CartPole()), new PpoOptions { Hidden = [4] }, 1).Policy));
    }

    private delegate ReadOnlySpan<float> ValuesOf(ReadOnlySpan<float> seen, int samples, bool training);

    // Only where two values are equal within rounding may the choices differ.
    private static void Compare(LearnedPolicy policy, IActor actor, ValuesOf values, int periods)
    {
        var random = new RandomStream(3);
        var action = new float[1];
        var indices = new HashSet<int>();
        int close = 0;
        for (int i = 0; i < 2000; i++)
        {
            Fill(random, policy.Observation);
            Assert.True(policy.TryChoose(Duration.Unlimited, out var choice));
            actor.Act(policy.Observation, default, action);
            int index = choice.Action * periods + choice.Period;
            float[] v = [.. values(policy.Observation, 1, false)];
            if (v[(int)action[0]] - v[index] < 1e-4f * (1 + v.Max(Math.Abs)) && index != (int)action[0]) close++;
            else Assert.Equal((int)action[0], index);
            indices.Add(index);
        }
        Assert.True(indices.Count > 1, "a policy that never changes its mind would pass with any weights");
        Assert.True(close <= 2, $"{close} of 2000 states are closer than rounding");
    }

    private static void Fill(RandomStream random, Span<float> observation)
    {
        for (int i = 0; i < observation.Length; i++) observation[i] = (float)random.NextDouble(ControlRecipes.CartPoleSchema.Inputs[i].Low, ControlRecipes.CartPoleSchema.Inputs[i].High) * 0.9f;
    }

    private LearnedPolicy Load(byte[] network, PolicySchema schema)
    {
        string file = Path.Combine(_folder, "p.policy.json");
        new PolicyModel("test", schema, network).Write(file, new ModelOrigin("edge train test", 1, "none"));
        return LearnedPolicy.Load(file, schema);
    }
}
