using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host.Tests;

public class TeeActuatorTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Act_OnlyTheFirstActuatorsAnswerCounts_ButBothHearEveryCommand(bool firstFails, bool mirrorFails)
    {
        Fake first = new(firstFails), mirror = new(mirrorFails);
        var tee = new TeeActuator(first, mirror);
        Assert.Equal(firstFails, tee.Act(new Twist2(0.3f, 0), default).IsFailed);
        Assert.Equal((1, 1), (first.Calls, mirror.Calls));
        Assert.Equal(mirrorFails ? 1 : 0, tee.MirrorFailures);
        tee.MakeSafe();
        Assert.True(first.IsSafe && mirror.IsSafe);
    }

    private sealed class Fake(bool fails) : IActuator<Twist2>
    {
        public string Name => "fake";

        public int Calls { get; private set; }

        public bool IsSafe { get; private set; }

        public StageStatus Act(in Twist2 action, in CycleContext context)
        {
            Calls++;
            return fails ? StageStatus.Failed(FailureCode.Unavailable) : StageStatus.Ok;
        }

        public void MakeSafe() => IsSafe = true;
    }
}
