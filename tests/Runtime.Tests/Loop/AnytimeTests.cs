using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests.Loop;

public class AnytimeTests
{
    [Theory]
    [InlineData(new[] { 0.3f, 0.6f, 0.97f, 0.99f }, 1_000_000, 4)]      // quality target reached
    [InlineData(new[] { 0.3f, 0.3f, 0.3f, 0.3f, 0.3f, 0.3f }, 1_000_000, 6)] // four in a row without a better one
    [InlineData(new[] { 0.1f, 0.2f, 0.3f, 0.4f, 0.5f }, 250, 4)]        // 100 us a quantum: after 300 us of 250 the budget is gone
    public void Refine_StopsByQualityStallOrBudget_AndRecordsTheQuanta(float[] qualities, int budgetUs, int quanta)
    {
        var measure = new ScriptedMeasure();
        var stage = new Refiner(qualities, measure);
        var rig = new Rig();
        var loop = new ControlLoop<Value, Value, Twist2>(
            new LoopOptions { Name = "a", Stages = new Dictionary<string, StageOptions> { ["refiner"] = new() { Budget = Duration.FromMicroseconds(budgetUs) } } },
            new LoopStages<Value, Value, Twist2>
            {
                Sensor = rig.Sensor, Perceive = PerceiverChain<Value, Value>.Of(stage), Policy = rig.Policy, Actuator = rig.Actuator, Rules = rig.Rules, Pacer = new FixedPacer(2), Sample = default, Percept = default,
            }, rig.Sim, measure);
        loop.Start();
        loop.RunOnce();
        Assert.Equal(quanta, loop.Cycle.Quanta[1]);
    }

    private sealed class Refiner(float[] qualities, ScriptedMeasure measure) : IAnytimePerceiver<Value, Value>
    {
        private int _next;

        public string Name => "refiner";

        public StageStatus Perceive(in Value sample, ref Value percept, in CycleContext context)
        {
            _next = 0;
            measure.Advance(Duration.FromMicroseconds(1));
            percept = sample;
            return StageStatus.Ok;
        }

        public RefineResult Refine(in Value sample, ref Value percept, in CycleContext context)
        {
            measure.Advance(Duration.FromMicroseconds(100));
            float quality = qualities[Math.Min(_next++, qualities.Length - 1)];
            return new RefineResult(RefineProgress.Improved, quality);
        }
    }
}
