using System.Buffers;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>The rover among walls and people, with the loop's own filter in front of it.</summary>
public sealed class RoverEnvironmentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-rover-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_SameSeedAndActions_GivesTheSameEpisodeAndMasksNothingThatIsTaken(bool rules)
    {
        var task = new RoverTask { MotionByRules = rules, LimitSeconds = 6 };
        Assert.Equal(Play(new RoverEnvironment(task), 3), Play(new RoverEnvironment(task), 3));
        Assert.NotEqual(Play(new RoverEnvironment(task), 3), Play(new RoverEnvironment(task), 4));
    }

    [Fact]
    public void Thaw_InTheMiddle_GoesOnBitForBit()
    {
        var task = new RoverTask { LimitSeconds = 8 };
        var (a, b) = (new RoverEnvironment(task), new RoverEnvironment(task));
        var (seen, other, allowed) = (new float[a.ObservationSpace.Width], new float[a.ObservationSpace.Width], new bool[a.Schema.Values]);
        var random = new RandomStream(1);
        a.Reset(7, seen);
        for (int i = 0; i < 60; i++) a.Step([Draw(a, random, allowed)], seen);
        var frozen = new ArrayBufferWriter<byte>();
        a.Freeze(frozen);
        b.Thaw(frozen.WrittenSpan);
        for (int i = 0; i < 40; i++)
        {
            int action = Draw(a, random, allowed);
            var (x, y) = (a.Step([action], seen), b.Step([action], other));
            Assert.Equal(x, y);
            Assert.Equal(seen, other);
            if (x.Done) break;
        }
        for (int length = 0; length < frozen.WrittenCount; length += 11) Assert.Throws<InvalidDataException>(() => b.Thaw(frozen.WrittenSpan[..Math.Min(length, frozen.WrittenCount - 1)]));
    }

    /// <summary>What a look-ahead rests on: a copy of a world in the middle of an episode has the same future, noise and people included.</summary>
    [Fact]
    public void Episode_FrozenBeforeALook_GoesOnInACopyAsItWouldHave()
    {
        var task = new RoverTask { Grid = new PeriodGrid(Duration.FromMilliseconds(16), 6), NoiseFactor = 3, MorePeople = 4, Varies = true };
        var before = new ArrayBufferWriter<byte>();
        var (original, copy) = (new RoverEpisode(task, 12), new RoverEpisode(task, 12));
        bool[] allowed = new bool[original.Driver.Schema.Values];
        var random = new RandomStream(3);
        original.Look(task.LimitTicks);
        original.BeforeLook = before;
        for (int i = 0; i < 25 && !original.IsOver(task.LimitTicks); i++) Go(original, Pick());
        copy.Thaw(before.WrittenSpan);
        copy.Look(task.LimitTicks);
        Assert.Equal(original.Observation.ToArray(), copy.Observation.ToArray());
        for (int i = 0; i < 25 && !original.IsOver(task.LimitTicks); i++)
        {
            int action = Pick();
            Assert.Equal(Go(original, action), Go(copy, action));
            Assert.Equal(original.World.Robots[0].Pose, copy.World.Robots[0].Pose);
            Assert.Equal(original.Observation.ToArray(), copy.Observation.ToArray());
            Assert.Equal((original.Ticks, original.Looks, original.RuleLooks, original.Joules), (copy.Ticks, copy.Looks, copy.RuleLooks, copy.Joules));
        }
        Assert.Throws<InvalidDataException>(() => copy.Thaw(before.WrittenSpan[..^1]));

        int Pick()
        {
            original.Driver.Allowed(allowed);
            // By rules for the shortest period is there wherever there is a choice.
            Assert.True(allowed[JointSchema.ByRules * task.Grid.Count]);
            int pick = 0;
            for (int k = 0, n = 0; k < allowed.Length; k++)
            {
                if (allowed[k] && random.NextInt32(++n) == 0) pick = k;
            }
            return pick;
        }

        double Go(RoverEpisode episode, int action)
        {
            episode.BeginStep(0.999, 10, -10);
            episode.Act(action / task.Grid.Count, action % task.Grid.Count, task.LimitTicks);
            episode.Look(task.LimitTicks);
            return episode.Reward;
        }
    }

    [Fact]
    public void LookAhead_WithTheFutureKnown_DoesBetterThanTheUsualPeriodByWhatItCounts()
    {
        const double cost = 0.05;
        var task = new RoverTask { Grid = new PeriodGrid(Duration.FromMilliseconds(16), 6), MotionByRules = true, Scenarios = ["crowd"], LimitSeconds = 20 };
        var oracle = RoverLookAhead.Play(task, 4, cost, 500, 6, default);
        var usual = RoverTrial.Of(task, (_, allowed) => allowed[4] ? 4 : Math.Min(4, allowed.LastIndexOf(true)), 500, 6, default);
        Assert.True(Judged(oracle) > Judged(usual), FormattableString.Invariant($"{Judged(oracle)} against {Judged(usual)}"));

        static double Judged(RoverTrial t) => t.Returns.Select((r, i) => r - cost * t.LooksPerSecond[i] * t.Seconds[i]).Average();
    }

    // §13, 12: what is requested within the mask is what the loop's governor carries out; only an interruption or the end cuts it short.
    [Fact]
    public void Step_AnyAllowedPeriod_IsExecutedUnlessInterrupted()
    {
        var environment = new RoverEnvironment(new RoverTask { Interrupts = false, LimitSeconds = 10 });
        var (seen, allowed, random) = (new float[environment.ObservationSpace.Width], new bool[environment.Schema.Values], new RandomStream(2));
        int checkedSteps = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            environment.Reset(seed, seen);
            StepResult result;
            do
            {
                int action = Draw(environment, random, allowed), looks = environment.Looks;
                result = environment.Step([action], seen);
                // Further looks by rules belong to the same step.
                if (result.Done || environment.Looks != looks + 1) continue;
                Assert.Equal(environment.Task.Grid[action % 6].Nanoseconds / 1_000_000, result.Ticks);
                checkedSteps++;
            }
            while (!result.Done);
        }
        Assert.True(checkedSteps > 200, $"only {checkedSteps}");
    }

    [Fact]
    public void Step_PersonComesNear_EndsTheHoldEarly()
    {
        int cut = 0;
        var environment = new RoverEnvironment(new RoverTask { Scenarios = ["crowd"], MotionByRules = true, FixedRung = 5, SafetyShrinks = false, MorePeople = 6, Grid = new PeriodGrid(Duration.FromMilliseconds(16), 6) });
        var seen = new float[environment.ObservationSpace.Width];
        for (ulong seed = 1; seed <= 4; seed++)
        {
            environment.Reset(seed, seen);
            StepResult result;
            do
            {
                result = environment.Step([0], seen);
                if (!result.Done && result.Ticks < 512) cut++;
            }
            while (!result.Done);
        }
        Assert.True(cut > 0, "nothing ever came near");
    }

    [Fact]
    public void Field_AnyWayToTheGoal_PaysTheSameWhateverItWas()
    {
        // The undiscounted reward is a difference of potentials: what a detour loses it must have gained before.
        var environment = new RoverEnvironment(new RoverTask { DiscountPerSecond = 1, MotionByRules = true, FixedRung = 2, Scenarios = ["empty"] });
        var seen = new float[environment.ObservationSpace.Width];
        environment.Reset(5, seen);
        var episode = environment.Episode;
        var field = new GoalField(episode.World.Scenario, episode.World.Robots[0].Goal.X, episode.World.Robots[0].Goal.Y);
        var start = episode.World.Robots[0].Pose;
        double sum = 0, joules = 0;
        StepResult result;
        do
        {
            episode.BeginStep(1, 0, 0);
            result = environment.Step([0], seen);
            sum += episode.Reward;
            joules += result.Joules;
        }
        while (!result.Done);
        var end = episode.World.Robots[0].Pose;
        Assert.True(environment.ReachedGoal);
        // The last goal pays 10.
        Assert.Equal(field.At(start.X, start.Y) - field.At(end.X, end.Y) + 10, sum, 9);
        Assert.True(field.At(start.X, start.Y) > 1 && field.At(end.X, end.Y) < 0.6);
        Assert.Equal(environment.Joules, joules, 1);
    }

    [Fact]
    public void Policy_TrainedAndExported_ChoosesInTheLoopWhatItChoseInTraining()
    {
        var recipe = RoverRecipes.Recipe("test", new RoverTask { LimitSeconds = 6 }, 0.01, 4096, [0, 0, 1, 2, 3, 3]);
        var agent = (Ppo)recipe.Agent(1);
        agent.Train(4096);
        string file = Path.Combine(_folder, "test.policy.json");
        recipe.Export(agent.Actor).Write(file, new ModelOrigin("test", 1, "none"));
        var environment = new RoverEnvironment(new RoverTask { LimitSeconds = 6 });
        using var policy = LearnedPolicy.Load(file, environment.Schema);
        var (seen, allowed, action) = (new float[environment.ObservationSpace.Width], new bool[environment.Schema.Values], new float[1]);
        int compared = 0;
        for (ulong seed = 1; seed <= 4; seed++)
        {
            environment.Reset(seed, seen);
            StepResult result;
            do
            {
                environment.Allowed(allowed);
                agent.Actor.Act(seen, allowed, action);
                environment.Episode.Observation.CopyTo(policy.Observation);
                Assert.True(policy.TryChoose(environment.Episode.Driver.Deadlines, out var choice));
                Assert.Equal((int)action[0], choice.Action * 6 + choice.Period);
                compared++;
                result = environment.Step(action, seen);
            }
            while (!result.Done);
        }
        Assert.True(compared > 100, $"only {compared}");
    }

    [Fact]
    public void Constructor_AbsurdTask_SaysWhat()
    {
        foreach (var (task, word) in new (RoverTask, string)[]
        {
            (new() { LimitSeconds = 0 }, "LimitSeconds"), (new() { FixedRung = 6 }, "FixedRung"), (new() { ScanHz = [] }, "ScanHz"), (new() { MotorLagFactor = 0 }, "MotorLagFactor"),
            (new() { MorePeople = 17 }, "MorePeople"), (new() { DiscountPerSecond = 1.1 }, "DiscountPerSecond"), (new() { Scenarios = [] }, "Scenarios"), (new() { TriggerChange = double.NaN }, "TriggerChange"),
        }) Assert.Contains(word, Assert.Throws<ArgumentException>(() => new RoverEnvironment(task)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RungSum_Gradients_AreThoseOfDifferences() => GradientCheck.Check(new Network<double>(
        [new LinearLayer<double>("a", new MapSize(4), 7), new RungSumLayer<double>("sum", 4, 3)]), steps: 1);

    private static int Draw(RoverEnvironment environment, RandomStream random, bool[] allowed)
    {
        environment.Allowed(allowed);
        int pick = -1;
        for (int i = 0, n = 0; i < allowed.Length; i++)
        {
            if (allowed[i] && random.NextInt32(++n) == 0) pick = i;
        }
        return pick;
    }

    private static ulong Play(RoverEnvironment environment, ulong seed)
    {
        var (seen, allowed, random, hasher) = (new float[environment.ObservationSpace.Width], new bool[environment.Schema.Values], new RandomStream(seed), new StateHasher());
        environment.Reset(seed, seen);
        StepResult result;
        do
        {
            result = environment.Step([Draw(environment, random, allowed)], seen);
            hasher.Add(result.Reward);
            hasher.Add(result.Ticks);
            hasher.Add((ReadOnlySpan<float>)seen);
        }
        while (!result.Done);
        environment.Episode.World.AddTo(ref hasher);
        return hasher.Value;
    }
}
