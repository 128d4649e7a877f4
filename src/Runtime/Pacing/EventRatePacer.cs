using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>Looks again when a given number of events is expected: dt = target / rate.</summary>
/// <remarks>The rate is an exponential mean with an exact discretisation, β = exp(−dt/τ), so it does not depend on the periods in between.</remarks>
public sealed class EventRatePacer : IPacer
{
    private readonly PeriodGrid _grid;
    private readonly float _target;
    private readonly double _tauSeconds;
    private double _rate;
    private bool _started;

    /// <summary>Makes a pacer.</summary>
    /// <param name="grid">The loop's periods.</param>
    /// <param name="targetItems">Events wanted per cycle; positive.</param>
    /// <param name="timeConstant">Time constant τ of the mean rate; positive. Default 20 ms.</param>
    public EventRatePacer(PeriodGrid grid, float targetItems, Duration? timeConstant = null)
    {
        if (!(targetItems > 0)) throw new ArgumentOutOfRangeException(nameof(targetItems), targetItems, "must be positive");
        _grid = grid;
        _target = targetItems;
        _tauSeconds = (timeConstant ?? Duration.FromMilliseconds(20)).Seconds;
        if (!(_tauSeconds > 0)) throw new ArgumentOutOfRangeException(nameof(timeConstant), timeConstant, "must be positive");
    }

    /// <summary>Gets the mean rate in items per second.</summary>
    public double Rate => _rate;

    /// <inheritdoc/>
    public PeriodChoice Next(in CycleSummary last, Span<float> values)
    {
        double dt = last.Dt.Seconds;
        if (dt > 0)
        {
            double beta = _started ? DeterministicMath.Exp(-dt / _tauSeconds) : 0;
            _rate = beta * _rate + (1 - beta) * (last.Items / dt);
            _started = true;
        }
        double wanted = _rate > 0 ? _target / _rate : double.MaxValue;
        var limit = wanted >= _grid.Longest.Seconds ? _grid.Longest : Duration.FromSeconds(wanted);
        return new PeriodChoice(_grid.IndexAtMost(limit), PeriodReason.EventRate);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_rate);
        w.Write((byte)(_started ? 1 : 0));
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Event-rate pacer");
        _rate = r.Read<double>();
        _started = r.Read<byte>() != 0;
        r.End();
    }
}
