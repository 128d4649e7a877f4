using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>The kinds of stage that this build can name.</summary>
public static class Stages
{
    /// <summary>Gets the registry.</summary>
    public static StageRegistry All { get; } = new StageRegistry()
        .Add(new(StageRole.Sense, "SimulatedRover", typeof(SimulatedRoverSense), null, typeof(RoverSample), "A rover in the built-in world: event camera, ranges, inertial sensor, wheels."))
        .Add(new(StageRole.Sense, "EventFile", typeof(EventFileSense), null, typeof(EventPacket), "An event file, played at its own speed."))
        .Add(new(StageRole.Perceive, "Rover", typeof(RoverPerceive), typeof(RoverSample), typeof(Percept), "Boxes, time to contact and ranges from a rover's sample."))
        .Add(new(StageRole.Perceive, "Events", typeof(EventPerceive), typeof(EventPacket), typeof(Percept), "Boxes and time to contact from events alone."))
        .Add(new(StageRole.Perceive, "Network", typeof(NetworkPerceive), typeof(EventPacket), typeof(Percept), "Time to contact per sector from a dense network (ONNX) on frames of events."))
        .Add(new(StageRole.Decide, "GoToGoal", typeof(GoToGoalDecide), typeof(Percept), typeof(Twist2), "Drives to the goal, keeps clear of what it sees, and says when to look again and where."))
        .Add(new(StageRole.Decide, "Joint", typeof(JointDecide), typeof(Percept), typeof(Twist2), "Drives to the goal by a trained network that chooses the motion and its own next period together; by the rules of GoToGoal where it must not or cannot."))
        .Add(new(StageRole.Decide, "None", typeof(NoDecide), typeof(Percept), typeof(Twist2), "Looks on and stays at rest: perception alone."))
        .Add(new(StageRole.Act, "None", typeof(NoAct), typeof(Twist2), null, "Nothing to move."))
        .Add(new(StageRole.Act, "SimulatedRover", typeof(SimulatedRoverAct), typeof(Twist2), null, "The rover of the built-in world."))
        .Add(new(StageRole.Act, "UdpMotor", typeof(UdpMotorAct), typeof(Twist2), null, "A motor controller behind a UDP port, such as `edge motor`."));
}
