using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>A policy inside an anytime stage of a real loop, with a stopwatch that the test moves.</summary>
public class AnytimeExitTests
{
    [Theory]
    [InlineData(1_000_000, 6, 6, ExitReason.Rule)]      // the margin of 6 is there after 6 steps
    [InlineData(250, 6, 3, ExitReason.Budget)]          // 100 us a step: one in Perceive, two more until 250 us are over
    [InlineData(1_000_000, 1000, 16, ExitReason.LastStep)]
    public void Loop_PolicyOrBudget_StopsTheSteps(int budgetUs, double margin, int steps, ExitReason reason)
    {
        var measure = new ScriptedMeasure();
        var stage = new Counter(new AnytimeExit(new MarginExit(margin), 16, 3), measure);
        var loop = new ControlLoop<Answer, Answer, Twist2>(
            new LoopOptions { Name = "exit", Stages = new Dictionary<string, StageOptions> { ["count"] = new() { Budget = Duration.FromMicroseconds(budgetUs) } } },
            new LoopStages<Answer, Answer, Twist2>
            {
                Sensor = new Stages("sense"), Perceive = PerceiverChain<Answer, Answer>.Of(stage), Policy = new Decider(), Actuator = new Stages("act"), Rules = new TwistRules(), Pacer = new FixedPacer(2), Sample = default, Percept = default,
            }, new SimClock(), measure);
        loop.Start();
        for (int cycle = 0; cycle < 2; cycle++) // each cycle begins anew
        {
            loop.RunOnce();
            Assert.Equal(steps, loop.Cycle.Quanta[1]);
            Assert.Equal((steps, reason, 1), (stage.Last.Steps, stage.Last.Decision.Reason, stage.Last.Decision.Class));
        }
    }

    [Fact]
    public void Answer_BetweenCheckpoints_KeepsTheLastSet()
    {
        var exit = new AnytimeExit(new ConformalExit(0.9, 1, 4, [2, 5], [0.8, 0.8]), 10, 4);
        Assert.Equal((ExitReason.Budget, -1, 4), (exit.Answer.Reason, exit.Answer.Class, exit.Answer.Set.Count));
        exit.Observe([5, 5, 0, 0]);
        Assert.Equal(4, exit.Answer.Set.Count);
        exit.Observe([5, 5, 0, 0]);
        Assert.Equal(ClassSet.Of(0).With(1), exit.Answer.Set);
        exit.Observe([0, 0, 0, 9]); // no checkpoint: the class is new, the set is not
        Assert.Equal((ExitReason.Budget, 3, ClassSet.Of(0).With(1)), (exit.Answer.Reason, exit.Answer.Class, exit.Answer.Set));
        Assert.Equal(new RefineResult(RefineProgress.Improved, 0.3f), exit.Result);
        exit.Observe([0, 0, 0, 9]);
        exit.Observe([0, 0, 0, 9]);
        Assert.True(exit.IsDone);
        Assert.Equal(new RefineResult(RefineProgress.Converged, 1), exit.Result);
        var answer = exit.Answer;
        exit.Observe([9, 0, 0, 0]);
        Assert.Equal(answer, exit.Answer);
        Assert.Equal(5, exit.Steps);
        exit.Begin();
        Assert.False(exit.IsDone);
        Assert.Equal(0, exit.Steps);
    }

    [Theory]
    [InlineData(100, 16, 6)]  // 17 calls of 6 are 102
    [InlineData(102, 16, 6)]
    [InlineData(103, 16, 7)]
    [InlineData(5, 16, 1)]
    [InlineData(5, 0, 5)]
    public void StepsPerQuantum_AllStepsFit(int maxSteps, int maxRefines, int expected) =>
        Assert.Equal(expected, AnytimeExit.StepsPerQuantum(maxSteps, new AnytimeOptions { MaxRefines = maxRefines }));

    [Fact]
    public void Construct_WrongValues_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnytimeExit(new FixedExit(1), 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnytimeExit(new FixedExit(1), 5, 129));
        Assert.Throws<ArgumentException>(() => new AnytimeExit(new FixedExit(1), 5, 3).Observe([1, 2]));
    }

    private readonly record struct Answer(int Steps, ExitDecision Decision) : IPayload
    {
        public void AddTo(ref StateHasher hasher)
        {
            hasher.Add(Steps);
            hasher.Add(Decision.Class);
        }
    }

    /// <summary>One step a quantum; class 1 gains one count in each.</summary>
    private sealed class Counter(AnytimeExit exit, ScriptedMeasure measure) : IAnytimePerceiver<Answer, Answer>
    {
        private readonly float[] _readout = new float[3];

        public Answer Last { get; private set; }

        public string Name => "count";

        public StageStatus Perceive(in Answer sample, ref Answer percept, in CycleContext context)
        {
            exit.Begin();
            _readout.AsSpan().Clear();
            Step(ref percept);
            return StageStatus.Ok;
        }

        public RefineResult Refine(in Answer sample, ref Answer percept, in CycleContext context)
        {
            Step(ref percept);
            return exit.Result;
        }

        private void Step(ref Answer percept)
        {
            measure.Advance(Duration.FromMicroseconds(100));
            _readout[1]++;
            exit.Observe(_readout);
            percept = Last = new Answer(exit.Steps, exit.Answer);
        }
    }

    private sealed class Stages(string name) : ISensor<Answer>, IActuator<Twist2>
    {
        public string Name => name;

        public StageStatus Sense(in SensingRequest request, ref Answer sample, ref SensorReport report, in CycleContext context)
        {
            report.ValidTo = context.Now;
            report.Trust = 1;
            return StageStatus.Ok;
        }

        public StageStatus Act(in Twist2 action, in CycleContext context) => StageStatus.Ok;

        public void MakeSafe()
        {
        }
    }

    private sealed class Decider : IPolicy<Answer, Twist2>
    {
        public string Name => "decide";

        public StageStatus Decide(in Answer percept, ref Decision<Twist2> decision, in CycleContext context) => StageStatus.Ok;
    }
}
