using System.Net;
using System.Net.Sockets;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host.Tests;

public class UdpActuatorTests
{
    [Fact]
    public void Act_ThenMakeSafe_ArrivesInOrderWithRisingNumbers()
    {
        using var controller = Listen();
        using var actuator = new UdpActuator("motor", (IPEndPoint)controller.LocalEndPoint!);
        actuator.Start();
        Assert.Equal(StageStatus.Ok, actuator.Act(new Twist2(0.5f, 1f), default));
        actuator.MakeSafe();
        Assert.Equal(new MotorDatagram(MotorCommandKind.Drive, 1, 0.5f, 1f), Receive(controller));
        Assert.Equal(new MotorDatagram(MotorCommandKind.Safe, 2, 0, 0), Receive(controller));
    }

    [Fact]
    public void Act_ManyTimes_AllocatesNothing()
    {
        using var controller = Listen();
        using var actuator = new UdpActuator("motor", (IPEndPoint)controller.LocalEndPoint!);
        actuator.Start();
        for (int i = 0; i < 200; i++) actuator.Act(Twist2.Rest, default);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) actuator.Act(Twist2.Rest, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Act_NobodyListens_FailsWithoutThrowing()
    {
        IPEndPoint gone;
        using (var controller = Listen()) gone = (IPEndPoint)controller.LocalEndPoint!;
        using var actuator = new UdpActuator("motor", gone);
        actuator.Start();
        bool refused = false;
        // The refusal comes back as a message of its own and is told by a later send.
        for (int i = 0; i < 1000 && !refused; i++) refused = actuator.Act(Twist2.Rest, default).IsFailed;
        Assert.True(refused);
        actuator.MakeSafe();
    }

    [Fact]
    public void Act_BeforeStartAndAfterStop_IsUnavailable()
    {
        using var actuator = new UdpActuator("motor", new IPEndPoint(IPAddress.Loopback, 9));
        Assert.Equal(FailureCode.Unavailable, actuator.Act(Twist2.Rest, default).Code);
        actuator.Start();
        actuator.Stop();
        actuator.Stop();
        Assert.Equal(FailureCode.Unavailable, actuator.Act(Twist2.Rest, default).Code);
        actuator.MakeSafe();
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static MotorDatagram Receive(Socket socket)
    {
        byte[] bytes = new byte[64];
        int length = socket.Receive(bytes);
        Assert.True(MotorDatagram.TryRead(bytes.AsSpan(0, length), out var datagram));
        return datagram;
    }
}
