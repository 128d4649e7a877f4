using System.Buffers;
using System.Numerics;

namespace EdgeAutonomy.Runtime;

/// <summary>Turns symptoms into a rung: down at once and over several rungs, up one rung at a time after a dwell.</summary>
/// <remarks>Loop thread only. Fixed memory, no allocation. <see cref="Rung.SafeStop"/> is latched until a person clears it. Its windows count cycles,
/// its ages scale with the period, so a slower period alone never raises an alarm.</remarks>
public sealed class HealthLadder : IFreezable, IPayload
{
    private readonly HealthOptions _options;
    private uint _missWindow, _failWindow;
    private ulong _slackWindow0, _slackWindow1;
    private Stamp _badUntil = Stamp.Never;
    private bool _latched;

    /// <summary>Makes a ladder on rung 0.</summary>
    public HealthLadder(HealthOptions options) => _options = options;

    /// <summary>Gets the rung in force.</summary>
    public Rung Rung { get; private set; }

    /// <summary>Gets why the rung last changed.</summary>
    public RungReason Reason { get; private set; }

    /// <summary>Gets the value that decided the last change.</summary>
    public double Value { get; private set; }

    /// <summary>Gets the limit of the last change.</summary>
    public double Limit { get; private set; }

    /// <summary>Takes in one cycle and returns the rung in force from now on.</summary>
    public Rung Step(in HealthInputs x)
    {
        Remember(x);
        if (x.ClearStop) _latched = false;
        var wanted = Worst(x, strict: false, out var reason, out double value, out double limit);
        if (wanted == Rung.SafeStop) _latched = true;
        if (wanted > Rung)
        {
            Change(wanted, reason, value, limit);
            _badUntil = x.Now;
            return Rung;
        }
        // Climbing looks at the stricter limits, so that a value on the edge does not make the ladder swing.
        if (Rung == Rung.Nominal || _latched || Worst(x, strict: true, out _, out _, out _) >= Rung) _badUntil = x.Now;
        else if (x.Now - _badUntil >= _options.Dwell)
        {
            Change(Rung - 1, RungReason.Recovered, 0, 0);
            _badUntil = x.Now;
        }
        return Rung;
    }

    private void Remember(in HealthInputs x)
    {
        _missWindow = (_missWindow << 1 | (x.Missed ? 1u : 0u)) & 0x3FF;
        _failWindow = (_failWindow << 1 | (x.StageFailed ? 1u : 0u)) & 0x3FF;
        _slackWindow1 = (_slackWindow1 << 1 | _slackWindow0 >> 63) & 0xF_FFFF_FFFF; // 64 + 36 = the last 100 cycles
        _slackWindow0 = _slackWindow0 << 1 | (x.SlackShort ? 1u : 0u);
    }

    private Rung Worst(in HealthInputs x, bool strict, out RungReason reason, out double value, out double limit)
    {
        float h = strict ? _options.Hysteresis : 0f;
        (reason, value, limit) = (RungReason.None, 0, 0);
        if (x.OperatorStop) return With(Rung.SafeStop, RungReason.Operator, 0, 0, out reason, out value, out limit);
        if (x.WatchdogStop) return With(Rung.SafeStop, RungReason.Watchdog, 0, 0, out reason, out value, out limit);
        if (x.StopOnMiss) return With(Rung.SafeStop, RungReason.StopOnMiss, 0, 0, out reason, out value, out limit);
        float stop = _options.TrustStop * (1 + h);
        if (!(x.Trust >= stop)) return With(Rung.SafeStop, RungReason.Trust, x.Trust, stop, out reason, out value, out limit);

        var perceptAge = Duration.Max(_options.MaxPerceptAge, x.Period * 2);
        if (x.PerceptAge > Scale(perceptAge, h)) return With(Rung.Hold, RungReason.NoPercept, x.PerceptAge.Milliseconds, perceptAge.Milliseconds, out reason, out value, out limit);
        if (x.ActuatorFailed) return With(Rung.Hold, RungReason.Actuator, 0, 0, out reason, out value, out limit);
        if (x.PeerLost) return With(Rung.Hold, RungReason.PeerLost, 0, 0, out reason, out value, out limit);
        if (x.Floor == Rung.Hold) return With(Rung.Hold, RungReason.Outside, (int)x.Floor, 0, out reason, out value, out limit);
        int failures = BitOperations.PopCount(_failWindow);
        if (failures >= Math.Max(1, _options.FailuresHold - (strict ? 1 : 0))) return With(Rung.Hold, RungReason.StageFailure, failures, _options.FailuresHold, out reason, out value, out limit);

        if (failures > 0) return With(Rung.Degraded, RungReason.StageFailure, failures, 1, out reason, out value, out limit);
        int misses = BitOperations.PopCount(_missWindow);
        if (misses >= Math.Max(1, _options.MissesDegraded - (strict ? 1 : 0))) return With(Rung.Degraded, RungReason.DeadlineMiss, misses, _options.MissesDegraded, out reason, out value, out limit);
        var sampleAge = Duration.Max(_options.MaxSampleAge, x.Period + x.Period / 2);
        if (x.SampleAge > Scale(sampleAge, h)) return With(Rung.Degraded, RungReason.SampleAge, x.SampleAge.Milliseconds, sampleAge.Milliseconds, out reason, out value, out limit);
        float degraded = _options.TrustDegraded * (1 + h);
        if (x.Trust < degraded) return With(Rung.Degraded, RungReason.Trust, x.Trust, degraded, out reason, out value, out limit);
        if (x.Floor == Rung.Degraded) return With(Rung.Degraded, RungReason.Outside, (int)x.Floor, 0, out reason, out value, out limit);

        if (x.Floor == Rung.Strained) return With(Rung.Strained, RungReason.Outside, (int)x.Floor, 0, out reason, out value, out limit);
        float strained = Math.Min(1f, _options.TrustStrained * (1 + h));
        if (x.Trust < strained) return With(Rung.Strained, RungReason.Trust, x.Trust, strained, out reason, out value, out limit);
        float queue = _options.QueueStrained * (1 - h);
        if (x.QueueFill > queue) return With(Rung.Strained, RungReason.Queue, x.QueueFill, queue, out reason, out value, out limit);
        int shorts = BitOperations.PopCount(_slackWindow0) + BitOperations.PopCount(_slackWindow1);
        int shortLimit = strict ? 0 : 1; // p99 of 100 cycles: one may be short
        if (shorts > shortLimit) return With(Rung.Strained, RungReason.Slack, shorts, shortLimit, out reason, out value, out limit);
        return Rung.Nominal;
    }

    private static Duration Scale(Duration d, float hysteresis) => new((long)(d.Nanoseconds * (1.0 - hysteresis)));

    private static Rung With(Rung rung, RungReason why, double v, double l, out RungReason reason, out double value, out double limit)
    {
        (reason, value, limit) = (why, v, l);
        return rung;
    }

    private void Change(Rung rung, RungReason reason, double value, double limit) => (Rung, Reason, Value, Limit) = (rung, reason, value, limit);

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write((byte)Rung);
        w.Write((ushort)Reason);
        w.Write(Value);
        w.Write(Limit);
        w.Write(_missWindow);
        w.Write(_failWindow);
        w.Write(_slackWindow0);
        w.Write(_slackWindow1);
        w.Write(_badUntil.Nanoseconds);
        w.Write((byte)(_latched ? 1 : 0));
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Health ladder");
        Rung = (Rung)r.Read<byte>();
        r.Require(Rung <= Rung.SafeStop, "a rung");
        Reason = (RungReason)r.Read<ushort>();
        Value = r.Read<double>();
        Limit = r.Read<double>();
        _missWindow = r.Read<uint>();
        _failWindow = r.Read<uint>();
        _slackWindow0 = r.Read<ulong>();
        _slackWindow1 = r.Read<ulong>();
        _badUntil = new Stamp(r.Read<long>());
        _latched = r.Read<byte>() != 0;
        r.End();
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add((ulong)Rung | (ulong)Reason << 8 | (_latched ? 1UL << 32 : 0));
        hasher.Add(_missWindow | (ulong)_failWindow << 32);
        hasher.Add(_slackWindow0);
        hasher.Add(_slackWindow1);
        hasher.Add(_badUntil.Nanoseconds);
    }
}
