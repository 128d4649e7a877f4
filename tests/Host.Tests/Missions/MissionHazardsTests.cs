using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class MissionHazardsTests
{
    [Fact]
    public void Check_EveryPlanOfThePlanner_IsInsideTheEnvelope()
    {
        // The battery's reserve must never stand against a plan that keeps to the mission's own counter, down to zero.
        for (ulong seed = 1; seed <= 12; seed++)
        {
            var bench = new MissionBench(seed, (MissionFamily)(seed % 3));
            var envelope = Envelope(bench, () => Rung.Nominal);
            while (!bench.Mission.IsOver)
            {
                bench.Robot.Position = bench.Site.PointOf(bench.Mission.Situation.Place);
                var call = bench.Mission.Candidates[bench.Mission.Expert()];
                var finding = envelope.Check(call);
                Assert.True(finding.IsSafe, $"{bench.Mission.Name}, '{call.Text}': {finding.Explanation}");
                bench.Mission.Step(call.Text);
            }
        }
    }

    [Fact]
    public void Check_DriveThatStrands_IsRefused()
    {
        int refused = 0, checks = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var bench = new MissionBench(seed);
            var envelope = Envelope(bench, () => Rung.Nominal);
            // Away from charger and dock, back and forth, until no way back is left.
            for (int i = 0; i < 30 && !bench.Mission.IsOver; i++)
            {
                var drive = bench.Mission.Candidates.Where(c => c.Verb == "drive to" && bench.Mission.IsExecutable(c.Text) && !c.Text.Contains("charger", StringComparison.Ordinal) && !c.Text.Contains("dock", StringComparison.Ordinal)).LastOrDefault();
                if (drive is null) break;
                checks++;
                if (envelope.Check(drive) is { IsSafe: false, Reason: GuardReason.Battery }) refused++;
                bench.Mission.Step(drive.Text);
            }
        }
        Assert.InRange(refused, 1, checks - 1);
    }

    [Fact]
    public void Check_RungsOfTheLoop_HoldTheRobot()
    {
        var bench = new MissionBench();
        var drive = bench.Next(drive: true);
        var rung = Rung.Nominal;
        var envelope = Envelope(bench, () => rung);
        Assert.True(envelope.Check(drive).IsSafe);
        rung = Rung.Hold;
        Assert.Equal(GuardReason.Speed, envelope.Check(drive).Reason);
        rung = Rung.SafeStop;
        Assert.Equal(GuardReason.EmergencyStop, envelope.Check(drive).Reason);
        Assert.Equal(GuardReason.Unknown, Envelope(bench, () => Rung.Nominal, TimeSpan.FromSeconds(2)).Check(drive).Reason);
    }

    private static SafetyEnvelope Envelope(MissionBench bench, Func<Rung> rung, TimeSpan age = default)
    {
        var hazards = new MissionHazards(bench.Robot, bench.Site, rung, () => age);
        hazards.Take(bench.Mission);
        return new SafetyEnvelope(hazards, hazards, bench.Site.Fence, MissionHazards.Reserve);
    }
}
