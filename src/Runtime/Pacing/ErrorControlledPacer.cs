using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>Step-size control as ODE solvers do it, applied to the control period.</summary>
/// <remarks>
/// With e the local error in units of the tolerance and p the order of the step, the PI controller (Hairer, Nørsett, Wanner, "Solving Ordinary
/// Differential Equations", II.4 and IV.2) gives f = 0.9 · e_n^(−0.7/(p+1)) · e_{n−1}^(0.4/(p+1)), clamped to [0.2, 5]; the next period is the longest of
/// the grid not above f · dt. A policy that gives no error estimate leaves the period as it is.
/// </remarks>
public sealed class ErrorControlledPacer : IPacer
{
    private readonly PeriodGrid _grid;
    private readonly double _exponent;
    private double _lastError = 1;

    /// <summary>Makes a pacer.</summary>
    /// <param name="grid">The loop's periods.</param>
    /// <param name="order">Order p of the error estimate, 1 … 8; default 1.</param>
    public ErrorControlledPacer(PeriodGrid grid, int order = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 8);
        _grid = grid;
        _exponent = 1.0 / (order + 1);
    }

    /// <inheritdoc/>
    public PeriodChoice Next(in CycleSummary last, Span<float> values)
    {
        if (!float.IsFinite(last.StepError)) return new PeriodChoice(last.PeriodIndex, PeriodReason.ErrorEstimate);
        double e = Math.Max(last.StepError, 1e-6);
        double f = 0.9 * DeterministicMath.Pow(e, -0.7 * _exponent) * DeterministicMath.Pow(_lastError, 0.4 * _exponent);
        f = Math.Clamp(f, 0.2, 5);
        _lastError = e;
        var wanted = new Duration((long)(_grid[last.PeriodIndex].Nanoseconds * f));
        return new PeriodChoice(_grid.IndexAtMost(wanted), PeriodReason.ErrorEstimate);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).Write(_lastError);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Error-controlled pacer");
        _lastError = r.Read<double>();
        r.End();
    }
}
