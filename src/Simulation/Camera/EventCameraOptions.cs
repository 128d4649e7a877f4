namespace EdgeAutonomy.Simulation;

/// <summary>The non-idealities of a simulated event camera. Equations and presets: v2e (SensorsINI/v2e), ESIM (uzh-rpg/rpg_esim).</summary>
/// <remarks>Hot pixels are our own guess and labelled so; every other number of a preset is v2e's.</remarks>
public sealed record EventCameraOptions
{
    /// <summary>Gets the nominal ON threshold in log intensity; positive.</summary>
    public double ThresholdOn { get; init; } = 0.2;

    /// <summary>Gets the nominal OFF threshold in log intensity; positive.</summary>
    public double ThresholdOff { get; init; } = 0.2;

    /// <summary>Gets the standard deviation of the thresholds between pixels, drawn once per pixel; each is at least 0.01.</summary>
    public double ThresholdSigma { get; init; }

    /// <summary>Gets the photoreceptor's corner frequency in hertz at full intensity; 0 = infinitely fast.</summary>
    public double CornerHz { get; init; }

    /// <summary>Gets the rate of leak events (always ON) per pixel in hertz.</summary>
    public double LeakHz { get; init; }

    /// <summary>Gets the relative jitter of the leak per step.</summary>
    public double LeakJitter { get; init; }

    /// <summary>Gets the spread of the leak between pixels in decades.</summary>
    public double LeakCovDecades { get; init; }

    /// <summary>Gets whether leaking pixels start at a random phase, so that their first events do not come all at once.</summary>
    public bool LeakDesynchronised { get; init; } = true;

    /// <summary>Gets the rate of shot-noise events per pixel in the dark in hertz; a quarter of it at full intensity.</summary>
    public double ShotHz { get; init; }

    /// <summary>Gets the refractory period in microseconds.</summary>
    public long RefractoryUs { get; init; }

    /// <summary>Gets what happens to changes inside the refractory period.</summary>
    public RefractoryMode Refractory { get; init; }

    /// <summary>Gets the logarithmic response.</summary>
    public LogResponse Response { get; init; }

    /// <summary>Gets the share of pixels that fire ON events by themselves (a guess: 1e-5 to 1e-4 in real sensors).</summary>
    public double HotFraction { get; init; }

    /// <summary>Gets the rate of a hot pixel in hertz.</summary>
    public double HotHz { get; init; } = 200;

    /// <summary>Gets v2e's command-line defaults.</summary>
    public static EventCameraOptions Default { get; } = new()
    {
        ThresholdSigma = 0.03, CornerHz = 300, LeakHz = 0.01, LeakJitter = 0.1, LeakCovDecades = 0.1, ShotHz = 0.001, RefractoryUs = 500,
    };

    /// <summary>Gets v2e's "clean" preset: threshold mismatch only.</summary>
    public static EventCameraOptions Clean { get; } = new() { ThresholdSigma = 0.02 };

    /// <summary>Gets v2e's "noisy" preset.</summary>
    public static EventCameraOptions Noisy { get; } = new()
    {
        ThresholdSigma = 0.05, CornerHz = 30, LeakHz = 0.1, LeakJitter = 0.1, LeakCovDecades = 0.1, ShotHz = 5,
    };

    /// <summary>Gets a pixel without any non-ideality, for tests and for exact comparisons.</summary>
    public static EventCameraOptions Ideal { get; } = new();

    /// <summary>Returns a preset by name: default, clean, noisy, ideal.</summary>
    /// <exception cref="ArgumentException">No preset has this name.</exception>
    public static EventCameraOptions Preset(string name) => name switch
    {
        "default" => Default,
        "clean" => Clean,
        "noisy" => Noisy,
        "ideal" => Ideal,
        _ => throw new ArgumentException($"Camera preset is '{name}'; must be one of default, clean, noisy, ideal.", nameof(name)),
    };

    internal void Check()
    {
        Positive(ThresholdOn, nameof(ThresholdOn));
        Positive(ThresholdOff, nameof(ThresholdOff));
        NotNegative(ThresholdSigma, nameof(ThresholdSigma), 1);
        NotNegative(CornerHz, nameof(CornerHz), 1e6);
        NotNegative(LeakHz, nameof(LeakHz), 1000);
        NotNegative(LeakJitter, nameof(LeakJitter), 1);
        NotNegative(LeakCovDecades, nameof(LeakCovDecades), 2);
        NotNegative(ShotHz, nameof(ShotHz), 10_000);
        NotNegative(RefractoryUs, nameof(RefractoryUs), 1_000_000);
        NotNegative(HotFraction, nameof(HotFraction), 0.1);
        NotNegative(HotHz, nameof(HotHz), 100_000);
    }

    private static void Positive(double value, string name)
    {
        if (!(value >= 0.01 && value <= 10)) throw new ArgumentException($"Event camera {name} is {value}; must be in [0.01, 10] (log intensity).");
    }

    private static void NotNegative(double value, string name, double high)
    {
        if (!(value >= 0 && value <= high)) throw new ArgumentException($"Event camera {name} is {value}; must be in [0, {high}].");
    }
}
