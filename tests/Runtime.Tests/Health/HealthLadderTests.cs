using System.Buffers;

namespace EdgeAutonomy.Runtime.Tests.Health;

public class HealthLadderTests
{
    private static readonly Duration Period = Duration.FromMilliseconds(4);
    private long _cycle;

    public static TheoryData<string, Rung, RungReason> Rows => new()
    {
        { "queue", Rung.Strained, RungReason.Queue },
        { "trust 0.75", Rung.Strained, RungReason.Trust },
        { "trust 0.45", Rung.Degraded, RungReason.Trust },
        { "age", Rung.Degraded, RungReason.SampleAge },
        { "failure", Rung.Degraded, RungReason.StageFailure },
        { "no percept", Rung.Hold, RungReason.NoPercept },
        { "actuator", Rung.Hold, RungReason.Actuator },
        { "peer", Rung.Hold, RungReason.PeerLost },
        { "trust 0.1", Rung.SafeStop, RungReason.Trust },
        { "watchdog", Rung.SafeStop, RungReason.Watchdog },
        { "operator", Rung.SafeStop, RungReason.Operator },
        { "stop on miss", Rung.SafeStop, RungReason.StopOnMiss },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Step_OneSymptom_GoesDownAtOnceAndClimbsOneRungPerDwell(string symptom, Rung expected, RungReason reason)
    {
        var ladder = new HealthLadder(new HealthOptions());
        Assert.Equal(Rung.Nominal, ladder.Step(Good()));
        Assert.Equal(expected, ladder.Step(Bad(symptom)));
        Assert.Equal(reason, ladder.Reason);
        Assert.DoesNotContain(reason.ToString(), reason.Describe(ladder.Value, ladder.Limit), StringComparison.Ordinal);
        if (expected == Rung.SafeStop)
        {
            for (int i = 0; i < 10_000; i++) Assert.Equal(Rung.SafeStop, ladder.Step(Good()));
            ladder.Step(Good() with { ClearStop = true });
        }
        var previous = ladder.Rung;
        long changedAt = _cycle;
        while (ladder.Rung > Rung.Nominal && _cycle < changedAt + 2000)
        {
            var now = ladder.Step(Good());
            Assert.True(now == previous || now == previous - 1, "climbed more than one rung at once");
            if (now != previous)
            {
                Assert.True((_cycle - changedAt) * Period.Nanoseconds >= 490_000_000, $"climbed after {_cycle - changedAt} cycles");
                changedAt = _cycle;
                previous = now;
            }
        }
        Assert.Equal(Rung.Nominal, ladder.Rung);
    }

    [Fact]
    public void Step_MissesThreeOfTen_TwoAreNotEnough()
    {
        var ladder = new HealthLadder(new HealthOptions());
        for (int i = 0; i < 1000; i++) Assert.Equal(Rung.Nominal, ladder.Step(Good() with { Missed = i % 5 == 0 }));
        for (int i = 0; i < 9; i++) ladder.Step(Good() with { Missed = i % 3 == 0 });
        Assert.Equal(Rung.Degraded, ladder.Rung);
    }

    [Fact]
    public void Step_SlackShortTwiceInAHundred_Strains()
    {
        var ladder = new HealthLadder(new HealthOptions());
        for (int i = 0; i < 500; i++) Assert.Equal(Rung.Nominal, ladder.Step(Good() with { SlackShort = i % 110 == 0 }));
        ladder.Step(Good() with { SlackShort = true });
        for (int i = 0; i < 90; i++) ladder.Step(Good());
        Assert.Equal(Rung.Strained, ladder.Step(Good() with { SlackShort = true }));
        Assert.Equal(RungReason.Slack, ladder.Reason);
    }

    [Fact]
    public void Step_ValueOnTheEdge_DoesNotSwing()
    {
        var ladder = new HealthLadder(new HealthOptions());
        int changes = 0;
        var before = Rung.Nominal;
        for (int i = 0; i < 5000; i++)
        {
            var now = ladder.Step(Good() with { Trust = i % 2 == 0 ? 0.79f : 0.81f });
            if (now != before) changes++;
            before = now;
        }
        Assert.Equal(1, changes);
    }

    [Fact]
    public void Thaw_InTheMiddleOfAWindow_GivesTheSameRung()
    {
        var a = new HealthLadder(new HealthOptions());
        for (int i = 0; i < 8; i++) a.Step(Good() with { Missed = i is 2 or 5 });
        var bytes = new ArrayBufferWriter<byte>();
        a.Freeze(bytes);
        var b = new HealthLadder(new HealthOptions());
        b.Thaw(bytes.WrittenSpan);
        var x = Good() with { Missed = true };
        Assert.Equal(Rung.Degraded, a.Step(x));
        Assert.Equal(Rung.Degraded, b.Step(x));
        var fresh = new HealthLadder(new HealthOptions());
        Assert.Equal(Rung.Nominal, fresh.Step(x)); // negative control: without the history the rung differs
    }

    private HealthInputs Good() => new() { Now = Stamp.Zero + Period * _cycle++, Period = Period, Trust = 1f, SampleAge = Duration.FromMilliseconds(4), PerceptAge = Duration.Zero };

    private HealthInputs Bad(string symptom) => symptom switch
    {
        "queue" => Good() with { QueueFill = 0.6f },
        "age" => Good() with { SampleAge = Duration.FromMilliseconds(51) },
        "failure" => Good() with { StageFailed = true },
        "no percept" => Good() with { PerceptAge = Duration.FromMilliseconds(101) },
        "actuator" => Good() with { ActuatorFailed = true },
        "peer" => Good() with { PeerLost = true },
        "watchdog" => Good() with { WatchdogStop = true },
        "operator" => Good() with { OperatorStop = true },
        "stop on miss" => Good() with { StopOnMiss = true },
        _ => Good() with { Trust = float.Parse(symptom[6..], System.Globalization.CultureInfo.InvariantCulture) },
    };
}
