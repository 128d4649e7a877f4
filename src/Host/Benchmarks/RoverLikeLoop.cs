using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>A loop with a rover's payloads and next to no computing, so that what recording adds can be seen: events, a range scan, sectors and boxes in every cycle.</summary>
internal static class RoverLikeLoop
{
    /// <summary>Events of a cycle: what a rover's camera sends in 5 ms when the rover turns.</summary>
    public const int Events = 1000;

    private const int Width = 128, Height = 128, Beams = 180, Sectors = 16, Boxes = 32;

    /// <summary>Makes a loop that runs on a clock of its own and is not started.</summary>
    /// <param name="sinks">Makes who is told about the cycles, from what must be known of the loop.</param>
    public static IControlLoop Create(Func<LoopDescription, IReadOnlyList<ICycleSink>> sinks)
    {
        var options = new LoopOptions { Name = "rover", StartIndex = 0 };
        var sample = new RoverSample(1 << 16, Beams);
        var percept = new Percept(Sectors, Boxes);
        var description = new LoopDescription(
            options.Name, ["sense", "perceive", "decide", "act"], options.Grid.Shortest, options.Grid.Count, PayloadShape.Of(sample), PayloadShape.Of(percept), nameof(Twist2), RecordedClock.Real);
        return new ControlLoop<RoverSample, Percept, Twist2>(options, new LoopStages<RoverSample, Percept, Twist2>
        {
            Sensor = new Eyes(), Perceive = PerceiverChain<RoverSample, Percept>.Of(new Look()), Policy = new Steer(), Actuator = new Wheels(), Rules = new TwistRules(),
            Pacer = new FixedPacer(0), Sample = sample, Percept = percept, Sinks = sinks(description),
        }, new SimClock());
    }

    private sealed class Eyes : ISensor<RoverSample>
    {
        private readonly Event[] _events = new Event[Events];

        public string Name => "sense";

        public StageStatus Sense(in SensingRequest request, ref RoverSample sample, ref SensorReport report, in CycleContext context)
        {
            long end = context.Now.Microseconds, start = Math.Max(0, end - 1000);
            // A bar that moves over the image, stamped evenly over the last millisecond.
            for (int i = 0; i < _events.Length; i++)
                _events[i] = new Event(start + i * (end - start) / _events.Length, (ushort)((i & 7) + ((int)context.CycleId & 63)), (ushort)(i >> 3 & 127), (byte)(i & 1));
            sample.Events.Reset(start, end);
            sample.Events.Width = Width;
            sample.Events.Height = Height;
            sample.Events.Append(_events);
            sample.Scan.Ranges.AsSpan().Fill(2.5f);
            sample.Scan.Time = context.Now;
            sample.Odometry = new Odometry(context.Now, new Pose2(context.Now.Seconds * 0.1, 1, 0), new Twist2(0.1f, 0));
            sample.Goal = new Goal(1, 5, 5, 0.3f);
            report.ValidTo = context.Now;
            report.Items = _events.Length;
            return StageStatus.Ok;
        }
    }

    private sealed class Look : IPerceiver<RoverSample, Percept>
    {
        public string Name => "perceive";

        public StageStatus Perceive(in RoverSample sample, ref Percept percept, in CycleContext context)
        {
            percept.ClearBoxes();
            percept.AddBox(new PixelBox(10, 20, 40, 60, 500));
            percept.AddBox(new PixelBox(70, 30, 90, 80, 300));
            percept.EventCount = sample.Events.Count;
            percept.Odometry = sample.Odometry;
            percept.Goal = sample.Goal;
            return StageStatus.Ok;
        }
    }

    private sealed class Steer : IPolicy<Percept, Twist2>
    {
        public string Name => "decide";

        public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
        {
            decision.Action = new Twist2(0.1f, 0.01f);
            return StageStatus.Ok;
        }
    }

    private sealed class Wheels : IActuator<Twist2>
    {
        public string Name => "act";

        public StageStatus Act(in Twist2 action, in CycleContext context) => StageStatus.Ok;

        public void MakeSafe() { }
    }
}
