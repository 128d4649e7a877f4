namespace EdgeAutonomy.Learning;

/// <summary>The learning rate over the steps of a training; immutable.</summary>
public abstract record LearningRate
{
    private protected LearningRate()
    {
    }

    /// <summary>Returns the rate of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">How many steps the training has.</param>
    public abstract double At(long step, long steps);

    /// <summary>Returns a value on half a cosine from one to another.</summary>
    private protected static double HalfCosine(double from, double to, double share) => to + (from - to) * (0.5 + 0.5 * DeterministicMath.Cos(Math.PI * Math.Clamp(share, 0, 1)));
}
