namespace EdgeAutonomy.Policies;

/// <summary>One free-standing object that the tracker follows, in the odometry frame. Four-byte fields only, no padding.</summary>
internal struct MovingObject
{
    /// <summary>Middle in metres.</summary>
    public float X, Y;

    /// <summary>Velocity in metres per second.</summary>
    public float VelocityX, VelocityY;

    /// <summary>Radius in metres.</summary>
    public float Radius;

    /// <summary>Variance of the place (m²), of the velocity (m²/s²), and their covariance, the same in x and y.</summary>
    public float PlaceVariance, VelocityVariance, Covariance;

    /// <summary>When it was last seen.</summary>
    public int SeenMs;

    /// <summary>When it was last seen standing free of everything else.</summary>
    public int FreeMs;

    /// <summary>How often it was seen; 0 = the slot is empty.</summary>
    public int Sightings;

    /// <summary>Gets whether the velocity stands clearly out of its uncertainty.</summary>
    public readonly bool IsMoving
    {
        get
        {
            float speed2 = VelocityX * VelocityX + VelocityY * VelocityY;
            return Sightings >= 4 && speed2 > 0.15f * 0.15f && speed2 > 3f * VelocityVariance;
        }
    }
}
