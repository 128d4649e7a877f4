using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host.Tests;

public class MotorControllerTests
{
    private readonly MotorController _motor = new(Duration.FromMilliseconds(200));

    [Fact]
    public void Receive_FirstCommand_StartsTheMotors()
    {
        var change = Send(1, 0, 0.5f, -0.25f);
        Assert.Equal("driving", change?.Event);
        Assert.Equal(new Twist2(0.5f, -0.25f), _motor.Velocity);
        Assert.Null(Send(2, 10));
    }

    [Fact]
    public void Tick_CommandsCease_StopsAtTheTimeoutAndNotBefore()
    {
        Send(1, 0);
        Assert.Null(_motor.Tick(At(199.999)));
        var change = _motor.Tick(At(200));
        Assert.Equal(("safe", "timeout"), (change?.Event, change?.Reason));
        Assert.Equal(Twist2.Rest, _motor.Velocity);
        Assert.Null(_motor.Tick(At(1000)));
    }

    [Fact]
    public void Tick_NeverCommanded_StaysIdle()
    {
        Assert.Null(_motor.Tick(At(1e9)));
        Assert.Equal(MotorState.Idle, _motor.State);
    }

    [Fact]
    public void Receive_SafeCommand_StopsWhateverItsNumberAndHolds()
    {
        Send(100, 0);
        var change = Send(50, 1, kind: MotorCommandKind.Safe);
        Assert.Equal(("safe", "commanded"), (change?.Event, change?.Reason));
        Assert.Null(_motor.Tick(At(1e6)));
        Assert.Equal("driving", Send(101, 2)?.Event);
    }

    [Fact]
    public void Receive_OldOrRepeatedWhileDriving_IsIgnored()
    {
        Send(10, 0, 0.1f);
        Assert.Null(Send(10, 1, 0.9f));
        Assert.Null(Send(9, 2, 0.9f));
        Assert.Equal(0.1f, _motor.Velocity.Linear);
        Assert.Equal(2, _motor.Describe("x", null, At(0)).Stale);
    }

    [Fact]
    public void Receive_GapInNumbers_CountsTheLost()
    {
        Send(1, 0);
        Send(5, 1);
        Assert.Equal(3, _motor.Describe("x", null, At(1)).Lost);
    }

    [Fact]
    public void Receive_NumberWraps_GoesOn()
    {
        Send(uint.MaxValue, 0, 0.1f);
        Send(0, 1, 0.2f);
        Assert.Equal(0.2f, _motor.Velocity.Linear);
        Assert.Equal(0, _motor.Describe("x", null, At(1)).Lost);
    }

    [Fact]
    public void Receive_SenderStartsAnewAfterTimeout_IsAccepted()
    {
        Send(5000, 0);
        _motor.Tick(At(300));
        Assert.Equal("driving", Send(1, 400)?.Event);
    }

    [Fact]
    public void Receive_AnyBytes_NeverThrowsAndNeverDrivesOnWhatIsNoCommand()
    {
        var random = new RandomStream(3);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++)
        {
            int length = random.NextInt32(bytes.Length);
            for (int k = 0; k < length; k++) bytes[k] = (byte)random.NextInt32(256);
            _motor.Receive(bytes.AsSpan(0, length), At(i));
        }
        Assert.Equal(MotorState.Idle, _motor.State);
        Assert.Equal(20_000, _motor.Describe("x", null, At(0)).Rejected);
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(0, float.PositiveInfinity)]
    public void Receive_NotFinite_IsRejected(float linear, float angular)
    {
        Assert.Null(Send(1, 0, linear, angular));
        Assert.Equal(MotorState.Idle, _motor.State);
    }

    [Fact]
    public void Write_Datagram_HasTheDocumentedBytes()
    {
        byte[] bytes = new byte[MotorDatagram.Length];
        new MotorDatagram(MotorCommandKind.Safe, 0x01020304, 1f, -2f).Write(bytes);
        // IEEE single: 1 = 3F800000, -2 = C0000000, little-endian.
        Assert.Equal("454D010104030201" + "0000803F" + "000000C0", Convert.ToHexString(bytes));
    }

    private MotorChange? Send(uint sequence, double ms, float linear = 0.1f, float angular = 0, MotorCommandKind kind = MotorCommandKind.Drive)
    {
        byte[] bytes = new byte[MotorDatagram.Length];
        new MotorDatagram(kind, sequence, linear, angular).Write(bytes);
        return _motor.Receive(bytes, At(ms));
    }

    private static Stamp At(double ms) => Stamp.Zero + Duration.FromMilliseconds(ms);
}
