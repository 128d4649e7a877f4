namespace EdgeAutonomy.Agents;

/// <summary>A distribution of delays.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Low">The lower value; see <see cref="DelayShape"/>.</param>
/// <param name="High">The upper value; no delay is longer.</param>
/// <param name="Parameter">Log-normal: the standard deviation of the logarithm. Heavy tail: the exponent, where 1 to 2 is usual for networks.</param>
public readonly record struct DelayModel(DelayShape Shape, Duration Low, Duration High, double Parameter = 0)
{
    /// <summary>Makes a delay that is always the same.</summary>
    public static DelayModel Constant(Duration delay) => new(DelayShape.Constant, delay, delay);

    /// <summary>Makes a delay that lies evenly between two values.</summary>
    public static DelayModel Uniform(Duration low, Duration high) => new(DelayShape.Uniform, low, high);

    /// <summary>Makes a log-normal delay.</summary>
    /// <param name="median">Half of all are shorter.</param>
    /// <param name="sigma">Standard deviation of the natural logarithm.</param>
    /// <param name="longest">No delay is longer.</param>
    public static DelayModel LogNormal(Duration median, double sigma, Duration longest) => new(DelayShape.LogNormal, median, longest, sigma);

    /// <summary>Makes a Pareto delay.</summary>
    /// <param name="shortest">No delay is shorter.</param>
    /// <param name="exponent">Positive; the smaller, the heavier the tail.</param>
    /// <param name="longest">No delay is longer.</param>
    public static DelayModel HeavyTail(Duration shortest, double exponent, Duration longest) => new(DelayShape.HeavyTail, shortest, longest, exponent);

    /// <summary>Draws a delay. Never negative; bit-identical everywhere.</summary>
    public Duration Draw(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double ns = Shape switch
        {
            DelayShape.Uniform => random.NextDouble(Low.Nanoseconds, Math.Max(Low.Nanoseconds, High.Nanoseconds)),
            DelayShape.LogNormal => Low.Nanoseconds * DeterministicMath.Exp(Parameter * random.NextGaussian()),
            DelayShape.HeavyTail => Low.Nanoseconds * DeterministicMath.Exp(random.NextExponential() / Math.Max(Parameter, 0.01)),
            _ => Low.Nanoseconds,
        };
        return new Duration((long)Math.Clamp(ns, 0, Math.Max(0, High.Nanoseconds)));
    }
}
