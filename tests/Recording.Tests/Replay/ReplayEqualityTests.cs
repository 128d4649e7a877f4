using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

public class ReplayEqualityTests
{
    private const int Cycles = 120, Plans = 200;

    // Plans of stages, budgets, faults, inputs, stops and lateness, drawn from a seed; the machine's speed is another one in the replay.
    [Fact]
    public void Replay_RandomFaults_IsEqualFromEveryKeyframe()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= Plans; seed++)
        {
            var plan = LoopPlan.Draw(seed);
            var rig = new ReplayRig(plan);
            rig.Run(Cycles);
            Collect(rig, seen);
            for (int k = 0; k < rig.KeyframeCount; k++)
            {
                var difference = rig.Replay(k);
                Assert.True(difference is null, $"{plan}, keyframe {k} of {rig.KeyframeCount}: {difference}");
                if (k == 0) Assert.Equal(Cycles, rig.Replayed);
            }
        }
        // Equality means nothing unless all of this happened.
        foreach (string what in (string[])["missed", "doubled", "slots", "watchdog", "guard", "slack", "cycle missed", "quanta", .. Enum.GetNames<LoopInputKind>(), .. Enum.GetNames<StageOutcome>(), .. Enum.GetNames<Rung>()])
            Assert.Contains(what, seen);
    }

    private static void Collect(ReplayRig rig, SortedSet<string> seen)
    {
        foreach (var (kind, bytes) in rig.Records)
        {
            if (kind != RecordKind.Cycle) continue;
            var record = CycleRecord.Parse(bytes);
            var m = record.Measured;
            if (m.Missed != 0) seen.Add("missed");
            if (m.Doubled != 0) seen.Add("doubled");
            if (m.SkippedSlots > 0) seen.Add("slots");
            if (m.WatchdogStop) seen.Add("watchdog");
            if (m.GuardStopped) seen.Add("guard");
            if (m.SlackShort) seen.Add("slack");
            if (m.CycleMissed) seen.Add("cycle missed");
            for (int i = 0; i < record.StageCount; i++)
            {
                seen.Add(record.Status(i).Outcome.ToString());
                if (record.Quanta(i) > 2) seen.Add("quanta");
            }
            seen.Add(record.Rung.ToString());
            if (!record.TrySection(SectionKind.Inputs, out var data)) continue;
            var reader = new StateReader(data, "inputs");
            for (int i = 0; i < data.Length / LoopInput.FrozenBytes; i++) seen.Add(LoopInput.Thaw(ref reader).Kind.ToString());
        }
    }
}
