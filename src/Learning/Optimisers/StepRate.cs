namespace EdgeAutonomy.Learning;

/// <summary>A rate that is divided at fixed shares of the training.</summary>
/// <param name="First">The first rate.</param>
/// <param name="Divisor">What it is divided by each time.</param>
/// <param name="Shares">Where, as shares of the steps in ascending order.</param>
public sealed record StepRate(double First, double Divisor, params double[] Shares) : LearningRate
{
    /// <inheritdoc/>
    public override double At(long step, long steps)
    {
        double rate = First;
        foreach (double share in Shares)
        {
            if (step >= share * steps) rate /= Divisor;
        }
        return rate;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"StepRate {First} / {Divisor} at {string.Join(", ", Shares)}");
}
