using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>The price of energy that makes a learner keep a budget: λ ← max(0, λ + η·(ē − budget)) once per block, ē = joules per second of that block.</summary>
/// <remarks>
/// A change is at most 10 % of the price (or a small absolute bound, so that it can leave zero): values that were learned at the old price stay nearly right (adaptive
/// time-stepping notes §7.3). Replay keeps joules and not their price, so no stored transition becomes wrong. Not thread-safe; allocation-free; frozen with its agent.
/// </remarks>
public sealed class DualVariable : IFreezable
{
    private readonly EnergyBudget _budget;
    private double _joules, _seconds;
    private long _steps;

    /// <summary>Makes one at its first price.</summary>
    /// <param name="budget">Budget, rate and bounds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public DualVariable(EnergyBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        budget.Check();
        (_budget, Price) = (budget, budget.Price);
    }

    /// <summary>Gets λ, in units of reward per J; 0 or more.</summary>
    public double Price { get; private set; }

    /// <summary>Gets ē of the last finished block, in W; NaN before the first.</summary>
    public double Power { get; private set; } = double.NaN;

    /// <summary>Takes one environment step; moves the price where it completes a block.</summary>
    /// <param name="joules">Its energy, in J; finite.</param>
    /// <param name="seconds">Its time, in s; above 0.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public void Add(double joules, double seconds)
    {
        if (!double.IsFinite(joules) || !(seconds > 0) || !double.IsFinite(seconds)) throw new ArgumentException(FormattableString.Invariant($"Dual variable: {joules} J in {seconds} s are given; must be finite, the time above 0."));
        _joules += joules;
        _seconds += seconds;
        if (++_steps < _budget.BlockSteps) return;
        Power = _joules / _seconds;
        (_joules, _seconds, _steps) = (0, 0, 0);
        if (double.IsPositiveInfinity(_budget.Watts)) return;
        double bound = Math.Max(_budget.LargestChange * Price, _budget.SmallestBound);
        Price = Math.Max(0, Price + Math.Clamp(_budget.Rate * (Power - _budget.Watts), -bound, bound));
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Price);
        w.Write(Power);
        w.Write(_joules);
        w.Write(_seconds);
        w.Write(_steps);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "dual variable");
        double price = r.Read<double>(), power = r.Read<double>(), joules = r.Read<double>(), seconds = r.Read<double>();
        long steps = r.Read<long>();
        r.End();
        r.Require(price >= 0 && double.IsFinite(price) && !double.IsInfinity(power) && double.IsFinite(joules) && seconds >= 0 && double.IsFinite(seconds) && steps >= 0 && steps < _budget.BlockSteps, "a price or sum");
        (Price, Power, _joules, _seconds, _steps) = (price, power, joules, seconds, steps);
    }
}
