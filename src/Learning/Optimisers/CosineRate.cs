namespace EdgeAutonomy.Learning;

/// <summary>Rises linearly over a few steps and falls along half a cosine to a last rate.</summary>
/// <param name="First">The rate after the rise.</param>
/// <param name="Last">The rate of the last step.</param>
/// <param name="WarmupSteps">Steps of the rise.</param>
public sealed record CosineRate(double First, double Last = 0, long WarmupSteps = 0) : LearningRate
{
    /// <inheritdoc/>
    public override double At(long step, long steps) => step < WarmupSteps
        ? First * (step + 1) / (WarmupSteps + 1)
        : HalfCosine(First, Last, (step - WarmupSteps) / (double)Math.Max(1, steps - 1 - WarmupSteps));
}
