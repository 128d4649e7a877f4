namespace EdgeAutonomy.Runtime;

/// <summary>Estimates energy from time, items and effort: standing power · dt, plus what the cycle's work adds.</summary>
/// <remarks>
/// sense = P_sensor·dt + (the sensor's own figure, or items·E_item); compute = P_idle·dt + P_busy·busy; actuate = P_act0·dt + P_act·effort·dt.
/// Linear and without memory, so a sum over cycles does not depend on how the time is cut into cycles, which is what a comparison of
/// adaptive against fixed periods needs. It excludes what it does not know: radio, voltage conversion, temperature. Thread-safe, allocation-free.
/// </remarks>
public sealed class ModelEnergyMeter : IEnergyMeter
{
    private readonly ModelEnergyOptions _options;

    /// <summary>Makes a meter.</summary>
    /// <param name="options">The constants; every one finite and not negative. Default: <see cref="ModelEnergyOptions"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is negative or not finite.</exception>
    public ModelEnergyMeter(ModelEnergyOptions? options = null)
    {
        _options = options ?? new ModelEnergyOptions();
        Check(_options.SensorWatt, nameof(ModelEnergyOptions.SensorWatt));
        Check(_options.ItemNanojoule, nameof(ModelEnergyOptions.ItemNanojoule));
        Check(_options.IdleWatt, nameof(ModelEnergyOptions.IdleWatt));
        Check(_options.BusyWatt, nameof(ModelEnergyOptions.BusyWatt));
        Check(_options.ActuatorIdleWatt, nameof(ModelEnergyOptions.ActuatorIdleWatt));
        Check(_options.ActuatorWatt, nameof(ModelEnergyOptions.ActuatorWatt));
    }

    /// <inheritdoc/>
    public string Source => "model";

    /// <summary>Gets the constants in force, to be stored with the log.</summary>
    public ModelEnergyOptions Options => _options;

    /// <inheritdoc/>
    public Energy Read(in EnergyLoad load)
    {
        // Watt · nanosecond = nanojoule; the sums are made in double, because a long idle cycle would swallow the small terms.
        double dt = Math.Max(0, load.Dt.Nanoseconds), busy = Math.Max(0, load.Busy.Nanoseconds);
        double items = load.SensorMicrojoule > 0 ? load.SensorMicrojoule * 1e3 : (double)load.Items * _options.ItemNanojoule;
        double effort = load.Effort is > 0 and <= 1 ? load.Effort : load.Effort > 1 ? 1 : 0;
        return new Energy(
            (float)((_options.SensorWatt * dt + items) * 1e-3),
            (float)((_options.IdleWatt * dt + _options.BusyWatt * busy) * 1e-3),
            (float)((_options.ActuatorIdleWatt + _options.ActuatorWatt * effort) * dt * 1e-3));
    }

    private static void Check(float value, string name)
    {
        if (!(value >= 0) || float.IsInfinity(value)) throw new ArgumentOutOfRangeException(name, value, $"Energy model: {name} is {value}; must be finite and not negative.");
    }
}
