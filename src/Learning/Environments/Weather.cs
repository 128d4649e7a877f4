namespace EdgeAutonomy.Learning;

/// <summary>What the ground of a <see cref="PointWorld"/> is like; it sets the coefficient of friction.</summary>
public enum Weather
{
    /// <summary>Dry ground, coefficient 0.6.</summary>
    Sun,

    /// <summary>Wet ground, coefficient 0.4.</summary>
    Rain,

    /// <summary>Snow, coefficient 0.28.</summary>
    Snow,

    /// <summary>Ice, coefficient 0.18.</summary>
    Ice,
}
