namespace EdgeAutonomy.Learning;

/// <summary>Rises along half a cosine to a peak and falls along another (Smith and Topin 2018, as in PyTorch's OneCycleLR).</summary>
/// <param name="Peak">The largest rate.</param>
/// <param name="RiseShare">The share of the steps that rise, above 0, below 1.</param>
/// <param name="StartDivisor">The first rate is the peak divided by this.</param>
/// <param name="EndDivisor">The last rate is the first divided by this.</param>
public sealed record OneCycleRate(double Peak, double RiseShare = 0.3, double StartDivisor = 25, double EndDivisor = 1e4) : LearningRate
{
    /// <inheritdoc/>
    public override double At(long step, long steps)
    {
        double first = Peak / StartDivisor, top = RiseShare * steps - 1, last = steps - 1;
        return step <= top ? HalfCosine(first, Peak, step / Math.Max(top, 1)) : HalfCosine(Peak, first / EndDivisor, (step - top) / Math.Max(last - top, 1));
    }
}
