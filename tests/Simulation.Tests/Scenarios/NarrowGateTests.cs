namespace EdgeAutonomy.Simulation.Tests;

public sealed class NarrowGateTests
{
    [Fact]
    public void Of_GatedScenarios_IsFreeAndTooNarrowForTwo()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            foreach (var scenario in (Scenario[])[ScenarioCatalog.Create("gate", seed, 4), YardScenario.Create(seed, 4, 8, gated: true)])
            {
                var gate = NarrowGate.Of(scenario)!.Value;
                double robot = 2 * scenario.Rover.Radius;
                Assert.InRange(gate.Y2 - gate.Y1, robot + 0.2, 2 * robot);
                Assert.DoesNotContain(scenario.Stations, s => s.X > gate.X1 - 1.5 && s.X < gate.X2 + 1.5 && s.Y > gate.Y1 - 0.8 && s.Y < gate.Y2 + 0.8);
                // Nothing stands in it or before it.
                Assert.DoesNotContain(scenario.Walls, w => Math.Max(w.X1, w.X2) > gate.X1 - 1 && Math.Min(w.X1, w.X2) < gate.X2 + 1 && Math.Max(w.Y1, w.Y2) > gate.Y1 + 0.01 && Math.Min(w.Y1, w.Y2) < gate.Y2 - 0.01);
            }
        }
        Assert.Null(NarrowGate.Of(ScenarioCatalog.Create("default", 3, 4)));
        Assert.Null(NarrowGate.Of(YardScenario.Create(1, 4, 8)));
    }
}
