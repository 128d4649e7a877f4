using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>A loop with a lane, run by hand and read by hand.</summary>
internal sealed class RecordedRig
{
    public RecordedRig(string name, int ringBytes, int keyframeCycles = 1000, RecordFullPolicy onFull = RecordFullPolicy.DropAndMark)
    {
        Lane = new LoopLane<Reading, Reading, Twist2>(Describe(name), new LaneOptions { RingBytes = ringBytes, OnFull = onFull, KeyframeCycles = keyframeCycles, Clock = RecordedClock.Sim });
        Loop = Make(name, new WildSensor(new FaultDice(0, 0), RandomStream.For(1, name)), new WildActuator(new FaultDice(0, 0)), null, new SimClock(), Lane);
        Loop.Start();
    }

    public LoopLane<Reading, Reading, Twist2> Lane { get; }

    public ControlLoop<Reading, Reading, Twist2> Loop { get; }

    /// <summary>Counted by whoever reads the lane.</summary>
    public int Keyframes { get; set; }

    public void Run(int cycles)
    {
        for (int i = 0; i < cycles; i++) Loop.RunOnce();
    }

    public List<(RecordKind Kind, byte[] Bytes)> Take(int most = int.MaxValue)
    {
        var list = new List<(RecordKind, byte[])>();
        while (list.Count < most && Lane.Ring.TryPeek(out int kind, out var bytes))
        {
            list.Add(((RecordKind)kind, bytes.ToArray()));
            Lane.Ring.Advance();
        }
        return list;
    }

    /// <summary>Replays from this keyframe to the next gap.</summary>
    public static CycleDifference? Replay(List<(RecordKind Kind, byte[] Bytes)> records, int keyframe)
    {
        var replay = new Replayer("a");
        replay.Begin(records[keyframe].Bytes);
        foreach (var (kind, bytes) in records.Skip(keyframe + 1))
        {
            if (kind == RecordKind.Gap) break;
            if (kind == RecordKind.Cycle && replay.Next(bytes) is { } difference) return difference;
        }
        return null;
    }

    /// <summary>Replays a loop of a file from its first keyframe to the end or the first gap.</summary>
    public static CycleDifference? Replay(RecordingFile file, string loop, out int cycles)
    {
        var replay = new Replayer(loop);
        cycles = 0;
        bool ready = false;
        using var messages = file.Read([loop]);
        while (messages.MoveNext())
        {
            var bytes = messages.Current.Data.Span;
            switch (RecordingFile.Kind(messages.Current))
            {
                case RecordKind.Gap: return null;
                case RecordKind.Keyframe when !ready:
                    replay.Begin(bytes);
                    ready = true;
                    break;
                case RecordKind.Cycle when ready:
                    cycles++;
                    if (replay.Next(bytes) is { } difference) return difference;
                    break;
            }
        }
        return null;
    }

    private static LoopDescription Describe(string name) =>
        new(name, ["sense", "walk", "decide", "act"], PeriodGrid.Default.Shortest, PeriodGrid.Default.Count, nameof(Reading), nameof(Reading), nameof(Twist2), RecordedClock.Sim);

    private static ControlLoop<Reading, Reading, Twist2> Make(string name, ISensor<Reading> sensor, IActuator<Twist2> actuator, ReplayFeed? feed, IClock clock, ICycleSink sink) => new(
        new LoopOptions { Name = name, Seed = 3, Replay = feed, MeasuredDecisions = false },
        new LoopStages<Reading, Reading, Twist2>
        {
            Sensor = sensor, Perceive = PerceiverChain<Reading, Reading>.Of(new WalkingPerceiver("walk", new FaultDice(0, 0))), Policy = new WalkingPolicy(new FaultDice(0, 0)), Actuator = actuator, Rules = new TwistRules(),
            Pacer = new FixedPacer(2), Sample = default, Percept = default, Sinks = [sink],
        },
        clock);

    private sealed class Replayer
    {
        private readonly ReplayFeed _feed;
        private readonly List<Stamp> _tags = [];
        private readonly ReplayRig.Catch _sink = new();
        private readonly ControlLoop<Reading, Reading, Twist2> _loop;
        private readonly CycleComparer _comparer;

        public Replayer(string name)
        {
            _feed = new ReplayFeed(name);
            _comparer = new CycleComparer(Describe(name));
            _loop = Make(name, new RecordedSensor<Reading>("sense", _feed), new RecordedActuator<Twist2>("act", 3, _feed), _feed, new ReplayClock(_tags), _sink);
            _loop.Start();
        }

        public void Begin(ReadOnlySpan<byte> keyframe) => _loop.Thaw(Keyframe.Parse(keyframe).State);

        public CycleDifference? Next(ReadOnlySpan<byte> bytes)
        {
            _feed.Load(bytes);
            _tags.Add(_feed.Record.Tag);
            _loop.RunOnce();
            return _comparer.Compare(CycleRecord.Parse(bytes), CycleRecord.Parse(_sink.Buffer.Written));
        }
    }
}
