namespace EdgeAutonomy.Agents.Tests;

public class SafetyEnvelopeTests
{
    private static readonly ActionCall _call = new("drive", ["shelf"], "drive shelf");

    private static readonly SafetyState _good = new(false, 0.8, new MapPoint(1, 1), SpeedClass.Normal, [], TimeSpan.Zero);

    private static readonly CallDemand _modest = new(SpeedClass.Slow, 0.1, [new MapPoint(2, 2)], false, ["shelf"], ["hatch"]);

    // A room of 10 m × 10 m with a closed area in its middle.
    private static readonly Geofence _fence = new([new(0, 0), new(10, 0), new(10, 10), new(0, 10)], [[new(4, 4), new(6, 4), new(6, 6), new(4, 6)]]);

    [Fact]
    public void Check_WithinAllBounds_IsSafe() => Assert.True(Check(_good, _modest).IsSafe);

    public static TheoryData<string, SafetyState?, CallDemand?, GuardReason> Cases => new()
    {
        { "no state", null, _modest, GuardReason.Unknown },
        { "old state", _good with { Age = TimeSpan.FromSeconds(1.001) }, _modest, GuardReason.Unknown },
        { "unknown demand", _good, null, GuardReason.Unknown },
        { "stop", _good with { EmergencyStop = true }, _modest, GuardReason.EmergencyStop },
        { "stop speaks before age", _good with { EmergencyStop = true, Age = TimeSpan.FromHours(1) }, _modest, GuardReason.EmergencyStop },
        { "interlock", _good with { OpenInterlocks = ["door", "hatch"] }, _modest, GuardReason.Interlock },
        { "speed", _good with { Speed = SpeedClass.Still }, _modest, GuardReason.Speed },
        { "target outside", _good, _modest with { Path = [new MapPoint(11, 5)] }, GuardReason.Fence },
        { "target inside the closed area", _good, _modest with { Path = [new MapPoint(5, 5)] }, GuardReason.Fence },
        { "way through the closed area", _good with { Position = new MapPoint(3, 5) }, _modest with { Path = [new MapPoint(7, 5)] }, GuardReason.Fence },
        { "second leg", _good, _modest with { Path = [new MapPoint(2, 2), new MapPoint(9, 9)] }, GuardReason.Fence },
        { "robot already outside", _good with { Position = new MapPoint(-1, 1) }, _modest, GuardReason.Fence },
        { "place not a number", _good with { Position = new MapPoint(double.NaN, 1) }, _modest, GuardReason.Fence },
        { "battery below reserve", _good with { Battery = 0.25 }, _modest, GuardReason.Battery },
        { "battery not a number", _good with { Battery = double.NaN }, _modest, GuardReason.Battery },
        { "battery above full", _good with { Battery = 1.5 }, _modest, GuardReason.Battery },
        { "demand not a number", _good, _modest with { Battery = double.NaN }, GuardReason.Battery },
        { "demand negative", _good, _modest with { Battery = -1 }, GuardReason.Battery },
        { "claimed", _good, _modest with { Claims = ["shelf", "lift"] }, GuardReason.Claimed },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_OutsideOneBound_NamesIt(string name, SafetyState? state, CallDemand? demand, GuardReason reason)
    {
        var finding = Check(state, demand);
        Assert.True(reason == finding.Reason && finding.Explanation.Length > 0, $"{name}: {finding}");
    }

    [Fact]
    public void Check_OnTheWayToTheCharger_MayUseTheReserve()
    {
        var low = _good with { Battery = 0.15 };
        Assert.Equal(GuardReason.Battery, Check(low, _modest).Reason);
        Assert.True(Check(low, _modest with { EndsAtCharger = true }).IsSafe);
        Assert.Equal(GuardReason.Battery, Check(low, _modest with { EndsAtCharger = true, Battery = 0.16 }).Reason);
    }

    [Fact]
    public void Geofence_PastTheClosedArea_AllowsTheWayAround()
    {
        Assert.True(_fence.Allows(new(3, 3), new(3, 7)));
        Assert.True(_fence.Allows(new(3, 3), new(7, 3.5)));
        // Along and through edges and corners counts as forbidden.
        Assert.False(_fence.Allows(new(3, 4), new(7, 4)));
        Assert.False(_fence.Allows(new(1, 9), new(9, 1)));
    }

    [Fact]
    public void Geofence_OfTooFewOrBrokenCorners_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Geofence([new(0, 0), new(1, 0)]));
        Assert.Throws<ArgumentException>(() => new Geofence(default));
        Assert.Throws<ArgumentException>(() => new Geofence([new(0, 0), new(1, double.NaN), new(0, 1)]));
        Assert.Throws<ArgumentException>(() => new SafetyEnvelope(new Source(null), new Demands(null), _fence, double.NaN));
    }

    private static SafetyFinding Check(SafetyState? state, CallDemand? demand) => new SafetyEnvelope(new Source(state), new Demands(demand), _fence, 0.2).Check(_call);

    private sealed class Source(SafetyState? state) : ISafetySource
    {
        public SafetyState? Read() => state;

        public string? ClaimedBy(string resource) => resource == "lift" ? "robot-7" : null;
    }

    private sealed class Demands(CallDemand? demand) : ICallDemands
    {
        public CallDemand? Of(ActionCall call) => demand;
    }
}
