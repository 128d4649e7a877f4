namespace EdgeAutonomy.Learning;

/// <summary>The events of one moving texture, step by step, with the motion that made them.</summary>
/// <remarks>
/// A pixel compares a residual with its thresholds: r += I(t) − I(t − 1); ON where r ≥ θ, then r −= θ; OFF likewise. Motion goes in parts of at most half a pixel, so
/// that fast edges give both their events. A step is binary: several events of a pixel and sign in it count once.
/// </remarks>
public sealed class MotionMovie
{
    /// <summary>Bit of an OFF event in <see cref="Events"/>.</summary>
    public const byte Off = 1;

    /// <summary>Bit of an ON event in <see cref="Events"/>.</summary>
    public const byte On = 2;

    private const double LongestPart = 0.5; // pixels

    private MotionMovie(MotionTask task)
    {
        Task = task;
        Events = new byte[task.Steps * task.Size * task.Size];
        Labels = new byte[task.Steps];
        BlockStart = new int[task.Steps];
        Direction = new double[task.Steps];
        Speed = new double[task.Steps];
    }

    /// <summary>Gets what it was made from.</summary>
    public MotionTask Task { get; }

    /// <summary>Gets the signs of the events, [step, row, column], a bit each for <see cref="Off"/> and <see cref="On"/>.</summary>
    public byte[] Events { get; }

    /// <summary>Gets the class of the motion, [step].</summary>
    public byte[] Labels { get; }

    /// <summary>Gets the step in which the present block began, [step].</summary>
    public int[] BlockStart { get; }

    /// <summary>Gets the direction in radians, 0 = right, π/2 = down, [step].</summary>
    public double[] Direction { get; }

    /// <summary>Gets the speed in pixels per step, [step].</summary>
    public double[] Speed { get; }

    /// <summary>Makes a movie.</summary>
    /// <param name="task">What to draw.</param>
    /// <param name="random">Where chance comes from.</param>
    public static MotionMovie Create(MotionTask task, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(random);
        task.Validate();
        return Create(task, random, new MovingTexture());
    }

    internal static MotionMovie Create(MotionTask task, RandomStream random, MovingTexture texture)
    {
        var movie = new MotionMovie(task);
        texture.Draw(task, random);
        movie.PlanMotion(random);
        movie.Watch(texture, random);
        movie.AddNoise(random);
        return movie;
    }

    /// <summary>Returns the share of pixels with an event per step.</summary>
    public double Activity()
    {
        long n = 0;
        foreach (byte e in Events) n += e != 0 ? 1 : 0;
        return (double)n / Events.Length;
    }

    private void PlanMotion(RandomStream random)
    {
        var shape = Task.Shape;
        for (int t = 0; t < Task.Steps;)
        {
            int end = (int)Math.Min((long)t + Math.Max(Task.LeastBlock, Poisson(Task.MeanBlock, random)), Task.Steps), start = t;
            int motion = random.NextInt32(shape.Classes);
            double direction = shape.Direction(motion) + Task.DirectionSpread * random.NextDouble(-1, 1) * Math.PI / shape.Directions;
            double speed = shape.Speed(motion) * DeterministicMath.Exp(Task.SpeedSpread * random.NextDouble(-1, 1));
            for (; t < end; t++) (Labels[t], BlockStart[t], Direction[t], Speed[t]) = ((byte)motion, start, direction, speed);
        }
    }

    // Arrivals of unit rate within the mean.
    private static int Poisson(double mean, RandomStream random)
    {
        int n = 0;
        for (double at = random.NextExponential(); at < mean; at += random.NextExponential()) n++;
        return n;
    }

    private void Watch(MovingTexture texture, RandomStream random)
    {
        int size = Task.Size, pixels = size * size;
        double theta = Task.ThresholdLow * DeterministicMath.Exp(random.NextDouble() * DeterministicMath.Log(Task.ThresholdHigh / Task.ThresholdLow));
        float[] on = Thresholds(theta, random), off = Thresholds(theta, random);
        var (before, now, residual) = (new float[pixels], new float[pixels], new float[pixels]);
        double x = MovingTexture.Period * random.NextDouble(), y = MovingTexture.Period * random.NextDouble();
        texture.View(x, y, size, before);
        for (int i = 0; i < pixels; i++) residual[i] = (float)(theta * random.NextDouble(-1, 1));
        for (int t = 0; t < Task.Steps; t++)
        {
            int parts = (int)Math.Ceiling(Speed[t] / LongestPart);
            var (sin, cos) = DeterministicMath.SinCos(Direction[t]);
            var events = Events.AsSpan(t * pixels, pixels);
            for (int part = 0; part < parts; part++)
            {
                // The image moves one way, so the place from which it is seen moves the other way.
                x -= Speed[t] / parts * cos;
                y -= Speed[t] / parts * sin;
                texture.View(x, y, size, now);
                for (int i = 0; i < pixels; i++)
                {
                    float r = residual[i] + (now[i] - before[i]);
                    for (; r >= on[i]; r -= on[i]) events[i] |= On;
                    for (; r <= -off[i]; r += off[i]) events[i] |= Off;
                    residual[i] = r;
                }
                (before, now) = (now, before);
            }
        }
    }

    private float[] Thresholds(double theta, RandomStream random)
    {
        double own = theta * (1 + Task.ThresholdMismatch * random.NextGaussian());
        var thresholds = new float[Task.Size * Task.Size];
        for (int i = 0; i < thresholds.Length; i++) thresholds[i] = (float)Math.Max(0.2 * theta, own * (1 + Task.ThresholdMismatch * random.NextGaussian()));
        return thresholds;
    }

    private void AddNoise(RandomStream random)
    {
        int pixels = Task.Size * Task.Size;
        if (Task.NoiseRate > 0)
        {
            // The way to the next noise event is exponential: no draw per pixel.
            for (double at = random.NextExponential() / Task.NoiseRate; at < Events.Length; at += random.NextExponential() / Task.NoiseRate)
            {
                Events[(int)at] |= random.NextInt32(2) == 0 ? Off : On;
            }
        }
        for (int h = 0; h < Task.HotPixels; h++)
        {
            int pixel = random.NextInt32(pixels);
            for (int t = 0; t < Task.Steps; t++)
            {
                if (random.NextDouble() < Task.HotRate) Events[t * pixels + pixel] |= On;
            }
        }
    }
}
