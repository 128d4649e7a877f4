using System.Collections.Immutable;

namespace EdgeAutonomy.Perception;

/// <summary>Stops at the first checkpoint where the set of possible classes is small enough; the set holds the true class with a stated probability: SpikeCP.</summary>
/// <remarks>
/// <para>At checkpoint c the set is { k : 1 − softmax(z/α)_k ≤ q_c }. The quantiles come from calibration data at level 1 − (1 − coverage)/C for each of
/// C checkpoints (Bonferroni), so that P(label ∈ set at the stop) ≥ coverage for data exchangeable with them, whatever the network does.</para>
/// <para>An empty set is no reason to stop; at the last checkpoint it is handed out as it is, and means that the input is unlike the calibration data.
/// Between checkpoints nothing is excluded. Source: Chen, Park, Simeone, "SpikeCP: Delay-Adaptive Reliable Spiking Neural Networks via Conformal
/// Prediction", arXiv 2305.11322.</para>
/// </remarks>
public sealed class ConformalExit : IExitPolicy
{
    private readonly ImmutableArray<int> _checkpoints;
    private readonly ImmutableArray<double> _quantiles;

    /// <summary>Makes the policy; <see cref="ExitCalibrator.Conformal"/> finds the quantiles.</summary>
    /// <param name="coverage">The probability that the set holds the true class, in (0, 1): what the quantiles were made for; for information only.</param>
    /// <param name="temperature">α, in units of the readout; above 0.</param>
    /// <param name="classes">How many classes the readout has, 2 to 128.</param>
    /// <param name="checkpoints">Steps, ascending, from 1; at least one.</param>
    /// <param name="quantiles">One for each checkpoint, in [0, 1]; 1 excludes nothing.</param>
    /// <param name="maxSetSize">The largest set to stop with, 1 or more.</param>
    /// <exception cref="ArgumentException">A value is outside its range, or the lengths differ.</exception>
    public ConformalExit(double coverage, double temperature, int classes, ReadOnlySpan<int> checkpoints, ReadOnlySpan<double> quantiles, int maxSetSize = 1)
    {
        OptionRange.Check(coverage is > 0 and < 1, nameof(ConformalExit), nameof(coverage), coverage, "must be in (0, 1)");
        OptionRange.Check(temperature > 0 && double.IsFinite(temperature), nameof(ConformalExit), nameof(temperature), temperature, "must be above 0 and finite");
        OptionRange.Check(classes is >= 2 and <= ClassSet.MaxClasses, nameof(ConformalExit), nameof(classes), classes, "must be in [2, 128]");
        OptionRange.Check(maxSetSize >= 1, nameof(ConformalExit), nameof(maxSetSize), maxSetSize, "must be 1 or more");
        if (checkpoints.Length == 0 || checkpoints.Length != quantiles.Length) throw new ArgumentException($"{nameof(ConformalExit)}: {checkpoints.Length} checkpoints and {quantiles.Length} quantiles; must be as many, and at least one.", nameof(quantiles));
        for (int c = 0; c < checkpoints.Length; c++)
        {
            if (checkpoints[c] <= (c == 0 ? 0 : checkpoints[c - 1])) throw new ArgumentException($"{nameof(ConformalExit)}: checkpoint {c} is {checkpoints[c]}; checkpoints must ascend from 1.", nameof(checkpoints));
            if (!(quantiles[c] is >= 0 and <= 1)) throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{nameof(ConformalExit)}: quantile {c} is {quantiles[c]}; must be in [0, 1]."), nameof(quantiles));
        }
        Coverage = coverage;
        Temperature = temperature;
        Classes = classes;
        MaxSetSize = maxSetSize;
        _checkpoints = [.. checkpoints];
        _quantiles = [.. quantiles];
    }

    /// <summary>Gets the probability that the set holds the true class.</summary>
    public double Coverage { get; }

    /// <summary>Gets α.</summary>
    public double Temperature { get; }

    /// <summary>Gets how many classes the readout has.</summary>
    public int Classes { get; }

    /// <summary>Gets the steps at which sets are made, ascending.</summary>
    public ReadOnlySpan<int> Checkpoints => _checkpoints.AsSpan();

    /// <summary>Gets the greatest score in the set of each checkpoint.</summary>
    public ReadOnlySpan<double> Quantiles => _quantiles.AsSpan();

    /// <summary>Gets the largest set to stop with.</summary>
    public int MaxSetSize { get; }

    /// <inheritdoc/>
    public bool IsCheckpoint(int steps) => Find(steps) >= 0;

    /// <inheritdoc/>
    /// <remarks>Give at least as many steps as the last checkpoint: at an earlier last step there is no set, and all classes stay possible.</remarks>
    public ExitDecision Decide(int steps, int maxSteps, ReadOnlySpan<float> readout)
    {
        if (readout.Length != Classes) throw new ArgumentException($"The readout has {readout.Length} classes, the policy was calibrated with {Classes}.", nameof(readout));
        int top = Readout.Top(readout), checkpoint = Find(steps);
        var set = checkpoint < 0 ? ClassSet.First(Classes) : SetAt(checkpoint, readout, top);
        bool isLast = steps >= maxSteps || steps >= _checkpoints[^1];
        bool isSure = checkpoint >= 0 && set.Count >= 1 && set.Count <= MaxSetSize;
        return new ExitDecision(isSure ? ExitReason.Rule : isLast ? ExitReason.LastStep : ExitReason.None, top, set);
    }

    private ClassSet SetAt(int checkpoint, ReadOnlySpan<float> readout, int top)
    {
        double quantile = _quantiles[checkpoint];
        if (top < 0) return ClassSet.First(Classes); // nothing is known
        double sum = Readout.Sum(readout, top, Temperature);
        var set = ClassSet.Empty;
        for (int k = 0; k < readout.Length; k++)
        {
            if (1 - Readout.Weight(readout, k, top, Temperature) / sum <= quantile) set = set.With(k);
        }
        return set;
    }

    private int Find(int steps)
    {
        for (int c = 0; c < _checkpoints.Length; c++)
        {
            if (_checkpoints[c] == steps) return c;
        }
        return -1;
    }
}
